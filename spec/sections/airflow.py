"""The `airflow` section: which Airflow runs, with which code and configuration."""

import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from spec.constrained_types import ConfigKey, Folder
from spec.releases.table import RELEASES, IgnoreSyntax, Release
from spec.section import Section, Violation, offered, refuse, refuse_any
from spec.sections.executor import EXECUTORS, Executor

OWNED_KEYS: Mapping[str, tuple[str, ...]] = {
    "core": (
        "auth_manager",
        "dags_folder",
        "execution_api_server_url",
        "executor",
        "fernet_key",
        "hostname_callable",
        "plugins_folder",
    ),
    "database": ("sql_alchemy_conn", "sql_alchemy_conn_async"),
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
"""Airflow options that Windsock sets itself; setting them in `airflow.config` would break the cluster."""

MAXIMUM_CONFIG_CHARACTERS = 32 * 1024
MAXIMUM_CONFIG_BYTES = 48 * 1024
"""Options are part of each task definition as JSON, and ECS takes 64 KiB of it. All the rest of one needs less than 16.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"""

_PYTHONS = sorted({python for release in RELEASES.values() for python in release.pythons})


ConfigValue = str | bool | int | float


class Airflow(Section):
    """Which Airflow runs, and how it is configured."""

    version: Annotated[str, offered(RELEASES)]
    """Airflow release; `windsock versions` lists the valid ones. No default."""

    python: Annotated[str, offered(_PYTHONS)]
    """Python of the image, in quotes, such as "3.10"; which ones are valid follows from `version`."""

    executor: Executor = "local"
    """Where tasks run: `local` runs them in the scheduler's container (LocalExecutor), `ecs` runs each in a Fargate
    task of its own (the Amazon provider's AwsEcsExecutor), sized in `workers`. Default local."""

    home: Folder = "airflow_home"
    """Folder with dags/ and, where there is more, plugins/, config/, include/ and webserver_config.py, relative to this
    file. Default airflow_home."""

    config: dict[ConfigKey, dict[ConfigKey, ConfigValue]] = Field(default_factory=dict)
    """Options of airflow.cfg as section, key, value; each becomes AIRFLOW__SECTION__KEY. Options that Windsock
    sets itself (database, secrets, folders, executor) are refused. All names and values together have at most
    32,768 characters, and 49,152 bytes as JSON: ECS takes task definitions of 64 KiB. Default none."""

    @property
    def release(self) -> Release:
        """What is known of this release."""
        return RELEASES[self.version]

    @property
    def ignore_syntax(self) -> IgnoreSyntax:
        """How the patterns in a `.airflowignore` are meant: as the options say, or as the release takes them."""
        chosen = self.config.get("core", {}).get("dag_ignore_file_syntax")
        return "regexp" if chosen == "regexp" else "glob" if chosen == "glob" else self.release.ignore_syntax

    @field_validator("version")
    @classmethod
    def _known_release(cls, value: str) -> str:
        if value not in RELEASES:
            refuse(f"Windsock does not run Airflow {value!r}", hint=f"valid: {', '.join(RELEASES)}")
        return value

    @field_validator("python")
    @classmethod
    def _supported_python(cls, value: str, info: ValidationInfo) -> str:
        release = RELEASES.get(info.data.get("version", ""))
        if release and value not in release.pythons:
            valid = " or ".join(f'"{python}"' for python in release.pythons)
            refuse(f"Airflow {release.version} does not run on Python {value!r}", hint=f"valid: {valid}")
        return value

    @field_validator("executor")
    @classmethod
    def _known_to_the_release(cls, value: Executor, info: ValidationInfo) -> Executor:
        if release := RELEASES.get(info.data.get("version", "")):
            refuse_any(EXECUTORS[value].check_release(release))
        return value

    @field_validator("config")
    @classmethod
    def _no_owned_keys(cls, value: dict[str, dict[str, ConfigValue]]) -> dict[str, dict[str, ConfigValue]]:
        refuse_any(
            Violation(f"[{section}] {key} is set by Windsock", "remove it", (section, key))
            for section, keys in value.items()
            for key in keys
            if key in OWNED_KEYS.get(section, ())
        )
        return value

    @field_validator("config")
    @classmethod
    def _fits_task_definitions(cls, value: dict[str, dict[str, ConfigValue]]) -> dict[str, dict[str, ConfigValue]]:
        options = [(section, key, option) for section, keys in value.items() for key, option in keys.items()]
        names = [(f"AIRFLOW__{section}__{key}", str(option)) for section, key, option in options]
        characters = sum(len(f"{name}{text}") for name, text in names)
        size = sum(len(json.dumps({"name": name, "value": text})) + 1 for name, text in names)
        hint = "ECS takes task definitions of 64 KiB: leave out what is Airflow's default, or keep it in a file"
        if characters > MAXIMUM_CONFIG_CHARACTERS:
            words = f"the options have {characters:,} characters together, and {MAXIMUM_CONFIG_CHARACTERS:,} fit"
            refuse(words, hint=hint)
        if size > MAXIMUM_CONFIG_BYTES:
            refuse(f"the options have {size:,} bytes as JSON, and {MAXIMUM_CONFIG_BYTES:,} fit", hint=hint)
        return value
