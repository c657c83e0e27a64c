"""Which options of Airflow Windsock sets itself, under every name that a release reads them by."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from spec.releases.option_list import INDIRECT, option_list
from spec.releases.table import RELEASES

OWNED_OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "core": (
            "auth_manager",
            "dags_folder",
            "execution_api_server_url",
            "executor",
            "fernet_key",
            "hostname_callable",
            "plugins_folder",
        ),
        "database": ("sql_alchemy_conn", "sql_alchemy_conn_async", "sql_alchemy_connect_args_async"),
        "webserver": ("config_file", "secret_key", "web_server_port"),
        "fab": ("config_file",),
        "api": ("secret_key", "port"),
        "api_auth": ("jwt_secret",),
        "logging": ("base_log_folder", "remote_base_log_folder", "remote_log_conn_id", "remote_logging"),
        "scheduler": ("enable_health_check", "scheduler_health_check_server_port"),
        "aws_ecs_executor": (
            "assign_public_ip",
            "capacity_provider_strategy",
            "cluster",
            "conn_id",
            "container_name",
            "launch_type",
            "platform_version",
            "region_name",
            "run_task_kwargs",
            "security_groups",
            "subnets",
            "task_definition",
        ),
    }
)
"""By section; another value in `airflow.config` would break the cluster."""


def owned_option(section: str, key: str) -> str:
    """Return the option of Windsock's that a name means, such as `core.fernet_key`; empty when it means none.

    Airflow also reads an option under its older names, and the value of a secret one from what its name with `_cmd` or
    `_secret` says.
    """
    return next((name for name in _meanings(section, key) if _is_owned(name)), "")


def is_sensitive(section: str, key: str) -> bool:
    """Whether the value of an option is a secret, as any release has it."""
    return any(name in option_list(version).sensitive for version in RELEASES for name in _names(section, key))


def _meanings(section: str, key: str) -> Iterator[str]:
    bare = (key.removesuffix(end) for end in INDIRECT if key.endswith(end))
    for each in (key, *bare):
        yield from _names(section, each)


def _names(section: str, key: str) -> tuple[str, ...]:
    """Return the name, and after it the newer ones that releases have for it."""
    name = f"{section}.{key}"
    return tuple(dict.fromkeys((name, *(option_list(version).renamed.get(name, name) for version in RELEASES))))


def _is_owned(name: str) -> bool:
    section, _, key = name.partition(".")
    return key in OWNED_OPTIONS.get(section, ())
