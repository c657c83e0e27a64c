"""Promises of the Compose file: it runs what the release needs, with no secret in it and nothing open to the world."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.compose import HOME_PARTS, SECRETS, render_compose
from compiler.contract import kebab
from spec.environment import Environment
from spec.errors import Refusal
from spec.reading.load import load
from spec.releases.table import RELEASES, Release

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker" / "compose.yaml"
EXAMPLE = ROOT / "env.example.yaml"
EVERY_PROCESS = {"triggerer": {"cpu": 256, "memory": 1024}}

Services = Mapping[str, Any]


def environment(release: Release, **airflow: Any) -> Environment:
    """Return an environment of this release that runs everything there is."""
    return Environment.model_validate(
        {
            "name": "on",  # a word that YAML would take for a boolean
            "aws": {"account": "123456789012", "region": "us-west-2"},
            "airflow": {"version": release.version, "python": release.python, **airflow},
            "network": {"allowed_cidrs": ["203.0.113.0/24"]},
            "services": EVERY_PROCESS,
        }
    )


@pytest.fixture(params=list(RELEASES.values()), ids=list(RELEASES))
def env(request: pytest.FixtureRequest) -> Environment:
    """Each release in turn."""
    return environment(request.param)


@pytest.fixture
def services(env: Environment) -> Services:
    """Return the services of the Compose file, anchors resolved."""
    return _services(env)


def _services(env: Environment) -> Services:
    loaded: Services = yaml.safe_load(render_compose(env))["services"]
    return loaded


def _airflow(services: Services) -> dict[str, Any]:
    return {name: service for name, service in services.items() if name != "postgres"}


def test_the_committed_file_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    """docker/compose.yaml is that of the example environment."""
    golden(
        FILE, render_compose(load(EXAMPLE), [part for part in HOME_PARTS if (ROOT / "airflow_home" / part).exists()])
    )


def test_the_file_runs_what_the_release_needs(env: Environment, services: Services) -> None:
    """A database, its initialisation and the processes of the environment: no Redis, no workers."""
    processes = env.airflow.release.processes.values()
    assert list(services) == ["postgres", "init", *(kebab(process.name) for process in processes)]
    for process in processes:
        assert services[kebab(process.name)]["command"] == process.command


def test_optional_processes_are_left_out() -> None:
    """A process that the YAML does not name and the release can do without is not there."""
    example = load(EXAMPLE)
    assert [name for name in example.airflow.release.processes if name not in _services(example)] == ["triggerer"]


def test_names_are_quoted_where_yaml_would_misread_them(env: Environment) -> None:
    """A name that YAML takes for something else is quoted."""
    assert yaml.safe_load(render_compose(env))["name"] == "on"


def test_every_secret_comes_from_the_environment(env: Environment) -> None:
    """Compose refuses to start without it, and the top of the file says how to make it."""
    text = render_compose(env)
    wanted = {SECRETS[secret] for secret in env.airflow.release.secret_keys.values()}
    variables = re.findall(r"(?<!\$)\$\{(\w+)(:\?[^}]+)?\}", text)
    wanted |= {"DB_PASSWORD", "ADMIN_PASSWORD", "FERNET_SEED"}
    assert {name for name, _ in variables} == {"WINDSOCK_RUNTIME"} | wanted
    assert all(demand for _, demand in variables)
    assert wanted == set(re.findall(r"(\w+)=\$\(openssl", text))
    assert "WINDSOCK_RUNTIME=$(windsock compose --runtime)" in text


def test_the_file_has_no_secret(services: Services) -> None:
    """Every secret is a required variable."""
    for service in services.values():
        for name, value in service["environment"].items():
            if re.search(r"PASSWORD|SECRET|FERNET_KEY$", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}=?", value), name
        assert "://airflow@postgres" in service["environment"].get(
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "://airflow@postgres"
        )


def test_signing_secrets_are_long_enough(env: Environment, services: Services) -> None:
    """The commands at the top make 64 characters: HS512 wants as many, and the release reads them where it says."""
    text = render_compose(env)
    for variable, secret in env.airflow.release.secret_keys.items():
        assert f"#   export {SECRETS[secret]}=$(openssl rand -hex 32)\n" in text
        assert services["scheduler"]["environment"][variable].startswith(f"${{{SECRETS[secret]}:?")


def test_options_are_those_of_the_release(env: Environment, services: Services) -> None:
    """Every process gets all that the release table sets, as text."""
    for section, keys in env.airflow.release.config.items():
        for key, value in keys.items():
            for service in _airflow(services).values():
                assert service["environment"][f"AIRFLOW__{section}__{key}".upper()] == str(value)


@pytest.mark.parametrize(
    "value", ["a: b # c", "$HOME ${X}", 'it\'s "so"', "two\n\n  lines", "yes", "ünï\u2028code", ""]
)
def test_options_of_the_user_reach_airflow_unchanged(value: str) -> None:
    """Compose replaces no dollar in them."""
    env = environment(next(iter(RELEASES.values())), config={"core": {"load_examples": True, "odd": value}})
    variables = _services(env)["scheduler"]["environment"]
    assert variables["AIRFLOW__CORE__ODD"].replace("$$", "$") == value
    assert "$" not in variables["AIRFLOW__CORE__ODD"].replace("$$", "")
    assert variables["AIRFLOW__CORE__LOAD_EXAMPLES"] == "True"


def test_only_tasks_of_airflow_3_have_the_address_of_the_api(env: Environment, services: Services) -> None:
    """By its service's name."""
    address = services["scheduler"]["environment"].get("AIRFLOW__CORE__EXECUTION_API_SERVER_URL")
    assert address == ("http://webserver:8080/execution/" if env.airflow.release.execution_api else None)


def test_own_variables_add_to_the_shared_ones(env: Environment, services: Services) -> None:
    """A process has the shared variables, and those that the release table gives to it alone."""
    shared = services["scheduler"]["environment"]
    for process in env.processes:
        assert services[kebab(process.name)]["environment"] == shared | dict(process.environment)


def test_the_init_container_runs_the_releases_command(env: Environment, services: Services) -> None:
    """Then it makes the admin user from standard input."""
    shell, flag, script = services["init"]["command"]
    assert (shell, flag) == ("bash", "-c")
    assert script.startswith(f"{env.airflow.release.initialise_database} && printf ")
    assert "--password" not in script
    assert '"$$ADMIN_PASSWORD" "$$ADMIN_PASSWORD" | airflow users create' in script


def test_the_first_user_is_that_of_the_environment() -> None:
    """Names come through two shells' worth of quoting unchanged."""
    env = load(EXAMPLE)
    names = {"first_name": "Zoë  'Q'\x85$HOME", "last_name": "x" * 40 + " " * 9 + "y"}
    env = env.model_copy(
        update={"auth": env.auth.model_copy(update={"admin": env.auth.first_user.model_copy(update=names)})}
    )
    words = shlex.split(_services(env)["init"]["command"][-1].replace("$$", "$"))
    assert words[words.index("--firstname") + 1] == names["first_name"]
    assert words[words.index("--lastname") + 1] == names["last_name"]


def test_processes_wait_for_a_prepared_database(services: Services) -> None:
    """Nothing starts before the database answers and is initialised."""
    assert services["init"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in _airflow(services).keys() - {"init"}:
        assert services[name]["depends_on"] == {"init": {"condition": "service_completed_successfully"}}


def test_health_checks_are_those_of_ecs(env: Environment, services: Services) -> None:
    """Each process has the same command as on ECS, with the database it needs."""
    for process in env.processes:
        service = services[kebab(process.name)]
        assert service["healthcheck"]["test"] == ["CMD-SHELL", process.health.replace("$", "$$")]
        assert service["healthcheck"]["start_period"] == f"{process.start_period}s"
        assert set(re.findall(r"DB_\w+", process.health)) <= set(service["environment"])


def test_code_is_mounted_read_only(services: Services) -> None:
    """Only logs can be written; the mounted folders exist."""
    for service in _airflow(services).values():
        mounts = {mount["target"]: mount for mount in service["volumes"]}
        assert mounts.pop("/opt/airflow/logs")["type"] == "volume"
        assert all(mount["read_only"] for mount in mounts.values())
        own = {target: mount["source"] for target, mount in mounts.items() if "$" not in mount["source"]}
        assert {Path(target).name for target in own} == set(HOME_PARTS)
        for target, source in own.items():
            assert (FILE.parent / source).resolve() == ROOT / "airflow_home" / Path(target).name


def test_windsocks_own_package_is_where_every_image_has_it(services: Services) -> None:
    """And its webserver_config.py where Airflow looks for one; it reads the user's at the place that it is told."""
    for service in _airflow(services).values():
        mounts = {mount["target"]: mount["source"] for mount in service["volumes"]}
        assert mounts["/opt/windsock/windsock_runtime"].startswith("${WINDSOCK_RUNTIME:?")
        assert mounts["/opt/airflow/webserver_config.py"].endswith("}/webserver_config.py")
        own = service["environment"]["WINDSOCK_WEBSERVER_CONFIG"]
        assert mounts[own] == "../airflow_home/webserver_config.py"
        assert service["environment"]["PYTHONPATH"].split(":")[0] == "/opt/windsock"


def test_what_the_home_lacks_is_not_mounted(env: Environment) -> None:
    """Docker would make a folder of that name there."""
    volumes = yaml.safe_load(render_compose(env, ["dags"]))["services"]["scheduler"]["volumes"]
    assert [one["source"] for one in volumes if one["source"].startswith("..")] == ["../airflow_home/dags"]


def test_folders_are_those_of_the_environment() -> None:
    """Code and image come from where the YAML says, seen from docker/."""
    env = environment(next(iter(RELEASES.values())), home="teams/a: b, c")
    env = env.model_copy(update={"image": env.image.model_copy(update={"context": "images/big"})})
    scheduler = _services(env)["scheduler"]
    assert scheduler["build"]["context"] == "../images/big"
    assert "../teams/a: b, c/dags" in [volume["source"] for volume in scheduler["volumes"]]


def test_the_web_interface_is_for_this_machine_only(services: Services) -> None:
    """The one published port is bound to loopback."""
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports == ["127.0.0.1:8080:8080"]


def test_the_image_is_built_for_its_release(env: Environment, services: Services) -> None:
    """Base image and pins are those of the release table."""
    release = env.airflow.release
    python = release.python
    for service in _airflow(services).values():
        arguments = {"BASE_IMG": release.base_image(python), "CONSTRAINTS": release.lock(python)}
        assert service["build"] == {"context": "../docker", "args": arguments}
        assert service["image"] == f"{env.name}:{release.version}"


def test_templates_are_compiled_without_jinja2() -> None:
    """Only the Compose file imports it."""
    script = "import sys, cli.compiling.compile_many, cli.verbs.compile; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_mysql_is_refused() -> None:
    """The file has PostgreSQL in it, and Airflow would look for MySQL."""
    env = load(Path(__file__).parents[1] / "golden/templates/container-mysql/env.yaml")
    with pytest.raises(Refusal, match="container-mysql has MySQL"):
        render_compose(env)


def test_pins_and_build_secrets_reach_the_build() -> None:
    """The secrets come from the shell of whoever builds; the file has their names alone."""
    env = environment(next(iter(RELEASES.values())))
    image = env.image.model_copy(update={"secrets": ("PIP_TOKEN",), "pins": {"six": "1.17.0"}})
    text = render_compose(env.model_copy(update={"image": image}))
    loaded = yaml.safe_load(text)
    build = loaded["x-airflow"]["build"]
    assert build["args"]["PINS"] == "six==1.17.0"
    assert build["secrets"] == ["windsock", "PIP_TOKEN"]
    assert loaded["secrets"] == {
        "windsock": {"environment": "WINDSOCK_BUILD_SECRETS"},
        "PIP_TOKEN": {"environment": "PIP_TOKEN"},
    }
    assert """#   export WINDSOCK_BUILD_SECRETS="PIP_TOKEN='$PIP_TOKEN'"\n""" in text
    assert "secrets" not in yaml.safe_load(render_compose(env))


def test_what_dags_need_is_there_and_secrets_come_from_the_shell(services: Services) -> None:
    """A plain variable has its value, dollars included; Compose refuses to start without the value of a secret."""
    assert "API_TOKEN" not in str(services)
    release = RELEASES["2.11.2"]
    given = _services(
        environment(
            release,
            env_vars={"PRICE": "5$"},
            secrets={"API_TOKEN": {"secret": "on/token"}},
            connections={"lake": {"parameter": "/on/lake"}},
        )
    )
    for name, service in _airflow(given).items():
        assert service["environment"]["PRICE"] == "5$$", name
        for variable in ("API_TOKEN", "AIRFLOW_CONN_LAKE"):
            assert service["environment"][variable].startswith(f"${{{variable}:?"), name


def test_a_site_under_a_path_is_asked_there() -> None:
    """By the health check of the web server."""
    given = _services(environment(RELEASES["2.11.2"], config={"webserver": {"base_url": "http://localhost:8080/air"}}))
    assert "http://localhost:8080/air/health" in given["webserver"]["healthcheck"]["test"][1]
