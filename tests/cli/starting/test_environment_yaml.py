"""The YAML to start from is sound and explains every field."""

from cli.starting.environment_yaml import Settings, environment_yaml
from spec.reading.load import parse
from spec.reading.model_index import description, keys
from spec.reading.positioned_yaml import Path as FieldPath
from spec.releases.table import NEWEST, RELEASES


def leaves(path: FieldPath = ()) -> list[FieldPath]:
    """Return the path of every field, sizes of services excepted: they are explained by their process."""
    found: list[FieldPath] = []
    for key in keys(path):
        inner = (*path, key)
        several = keys((*inner, "NAME")) == keys(inner)  # sections under names of the user: their key explains them
        found += [inner] if path[:1] == ("services",) or several else [inner, *leaves(inner)]
    return [path for path in found if path[-1] not in {"cpu", "memory"}]


def test_the_starter_is_a_valid_environment() -> None:
    """What init writes loads, and runs the newest release."""
    assert parse(environment_yaml(Settings()), "env.yaml").airflow.version == NEWEST.version


def test_every_field_is_explained() -> None:
    """Each field stands there, with its docstring above it."""
    text = environment_yaml(Settings())
    words = " ".join(text.replace("#", " ").split())
    assert len(leaves()) > 30
    for path in leaves():
        assert f"{path[-1]}:" in text, path
        assert description(path) in words, path


def test_defaults_shown_are_the_defaults() -> None:
    """Lines that are commented out show what holds without them."""
    text = environment_yaml(Settings())
    examples = (
        *("# tags:", "# permissions_boundary:", "# role_path:", "# role_name_prefix:", "# cloudformation_role:"),
        '# policies: ["arn',
        "# config:",
        "#   core:",
        "# dag_processor:",
        "# triggerer:",
        "# image:",
        "# count:",
        *(
            "# nat:",
            "# services: [",
            "# file: network",
            "# vpc:",
            "# task_subnets:",
            "# load_balancer_subnets:",
            "# database_subnets:",
            "# public_addresses:",
        ),
        *("# host:", "# port:", "# name:", "# user:", "# password:", "# cidrs:", "# connections:", "# authorities:"),
        *("# max_storage_gb:", "# backup_window:", "# maintenance_window:"),
        *("# encryption:", "#   key:", "#   database:", "#   file_system:", "#   images:", "#   buckets:", "#   logs:"),
        "#   secrets:",
        "# storage:",
        *(
            "# restore_from:",
            "# dump:",
            "# fernet_key:",
            "# snapshot:",
            "# instance:",
            "# time:",
            "# generation:",
            "# fernet_seed:",
            "# admin_password:",
            "# former:",
        ),
        "# remote:",
        *("# fargate:", "# capacity:", "# architecture:"),
        *(
            "# web:",
            "# load_balancer:",
            "# scheme:",
            "# domain:",
            "# hosted_zone:",
            "# certificate_arn:",
            "# load_balancer_auth:",
            "# ungated_api:",
            "# waf:",
            "# waf_logins:",
        ),
        *("# client:", "# allowed_domains:", "# default_role:", "# admins:", "# issuer:"),
        *("# roles:", "#   claim:", "#   map:", "#   sync:"),
        *("# machine:", "#   username:", "#   email:", "#   role:"),
        *("# ttl:", "# schedule:", "#   on:", "#   timezone:"),
        *("# email_claim:", "# assume_email_verified:"),
        *("# endpoints:", "#   authorization:", "#   token:", "#   user_info:"),
    )
    lines = []
    for line in text.splitlines():
        bare = line.strip()
        shows_default = bare.startswith("# ") and bare[2:].partition(":")[0] in text and _is_setting(bare)
        lines.append(line.replace("# ", "", 1) if shows_default and not bare.startswith(examples) else line)
    explicit = "\n".join(lines).replace("# image:", "image:")
    assert parse(explicit, "env.yaml") == parse(text, "env.yaml")
    assert explicit.count("#") < text.count("#") - 8


def _is_setting(line: str) -> bool:
    key, colon, value = line.removeprefix("# ").partition(": ")
    return bool(colon) and key.isidentifier() and key.islower() and " " not in value


def test_settings_of_a_project_stand_in_it() -> None:
    """Each release, with a database that it was tested with, and what differs from the defaults."""
    for release in RELEASES.values():
        settings = Settings(
            release=release,
            home="..",
            context="windsock-docker",
            config={"core": {"parallelism": 8, "default_timezone": "Europe/Berlin"}},
            sizes={"webserver": (512, 2048), "triggerer": (512, 1024)},
            secrets_backend=True,
        )
        env = parse(environment_yaml(settings), "env.yaml")
        assert env.airflow.version == release.version
        assert (env.airflow.home, env.image.context) == ("..", "windsock-docker")
        assert env.airflow.config == {"core": {"parallelism": 8, "default_timezone": "Europe/Berlin"}}
        assert env.airflow.secrets_backend
        assert env.airflow.secrets_backend.prefixes == ("my-airflow/connections", "my-airflow/variables")
        assert env.database.version in release.databases["postgres"]
        sizes = {process.name: env.size(process).memory for process in env.processes}
        assert (sizes["webserver"], sizes["triggerer"]) == (2048, 1024)
