"""The `airflow` section: which Airflow runs, with which code and configuration."""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from spec.constrained_types import ConfigKey, Folder
from spec.releases.option_list import option_list
from spec.releases.owned_options import is_sensitive, owned_option
from spec.releases.table import RELEASES, IgnoreSyntax, Release
from spec.section import Section, Violation, offered, refuse, refuse_any
from spec.sections.env_vars import (
    CONNECTION,
    VARIABLE,
    EnvVarName,
    check_once,
    check_plain,
    check_secret,
    option_variable,
)
from spec.sections.executor import EXECUTORS, Executor
from spec.sections.policies import Policies, Statement
from spec.sections.secret_source import SecretsBackend, SecretSource

MAXIMUM_CONFIG_CHARACTERS = 32 * 1024
MAXIMUM_CONFIG_BYTES = 48 * 1024
"""Options are part of each task definition as JSON, and ECS takes 64 KiB of it. All the rest of one needs less than 16.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"""

MAXIMUM_STATEMENT_CHARACTERS = 5 * 1024
"""The statements of a role have 10,240 together, and Windsock's are among them. Source: "IAM and AWS STS quotas", IAM
User Guide."""


class _Pythons:
    """The Pythons of all releases."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({python for release in RELEASES.values() for python in release.pythons}))


ConfigValue = str | bool | int | float
Config = Mapping[str, Mapping[str, ConfigValue]]
Sources = dict[str, SecretSource]

_PREFIXES: Mapping[str, str] = MappingProxyType({"secrets": "", "connections": CONNECTION, "variables": VARIABLE})
"""The keys whose values are secrets, with what the names of their variables begin with."""

_BACKEND = ("secrets", "backend_kwargs")


class Airflow(Section):
    """Which Airflow runs, and how it is configured."""

    version: Annotated[str, offered(RELEASES)]
    """Airflow release; `windsock versions` lists the valid ones. No default."""

    python: Annotated[str, offered(_Pythons())]
    """Python of the image, in quotes, such as "3.10"; which ones are valid follows from `version`."""

    executor: Executor = "local"
    """Where tasks run: `local` runs them in the scheduler's container (LocalExecutor), `ecs` runs each in a Fargate
    task of its own (the Amazon provider's AwsEcsExecutor), sized in `workers`. Default local."""

    home: Folder = "airflow_home"
    """Folder with dags/ and, where there is more, plugins/, config/, include/ and webserver_config.py, relative to this
    file. Default airflow_home."""

    config: dict[ConfigKey, dict[ConfigKey, ConfigValue]] = Field(default_factory=dict)
    """Options of airflow.cfg as section, key, value; each becomes AIRFLOW__SECTION__KEY. Options that Windsock
    sets itself (database, secrets, folders, executor) are refused, and so are those whose value is a secret:
    `airflow.secrets` names it. All names and values, with those of `env_vars`, have at most 32,768 characters together,
    and 49,152 bytes as JSON: ECS takes task definitions of 64 KiB. Default none."""

    env_vars: dict[EnvVarName, str] = Field(default_factory=dict)
    """Environment variables of every Airflow container, as name and value; the values stand in the templates. Default
    none."""

    secrets: dict[EnvVarName, SecretSource] = Field(default_factory=dict)
    """Environment variables of every Airflow container whose values are secrets, as name and secret. An option of
    airflow.cfg that is a secret has a name such as AIRFLOW__SMTP__SMTP_PASSWORD. Default none."""

    connections: dict[EnvVarName, SecretSource] = Field(default_factory=dict)
    """Airflow connections, as connection id and the secret with the connection, as an address or as JSON: what Airflow
    reads from AIRFLOW_CONN_ID. Default none."""

    variables: dict[EnvVarName, SecretSource] = Field(default_factory=dict)
    """Airflow variables, as key and the secret with the value: what Airflow reads from AIRFLOW_VAR_KEY. Default
    none."""

    secrets_backend: SecretsBackend | None = None
    """Prefixes in Secrets Manager below which Airflow looks for further connections and variables. Default none."""

    policies: Policies = ()
    """ARNs of IAM policies that DAGs need for their work in AWS, at most 9. The role gets them that runs tasks,
    whichever executor, and the role of the triggerer. Default none. Source: "IAM and AWS STS quotas" (managed policies
    attached to a role), IAM User Guide."""

    statements: tuple[Statement, ...] = Field(default=(), strict=False, max_length=20)
    """What DAGs may do in AWS besides, as actions and resources; the same roles get it. Default none."""

    @property
    def release(self) -> Release:
        """What is known of this release."""
        return RELEASES[self.version]

    @property
    def ignore_syntax(self) -> IgnoreSyntax:
        """How the patterns in a `.airflowignore` are meant: as the options say, or as the release takes them."""
        chosen = self.config.get("core", {}).get("dag_ignore_file_syntax")
        return "regexp" if chosen == "regexp" else "glob" if chosen == "glob" else self.release.ignore_syntax

    @property
    def base_path(self) -> str:
        """The path below which the site lies, such as /airflow: that of `base_url`; empty for the whole host."""
        return urlsplit(self._base_url).path.rstrip("/")

    @property
    def base_host(self) -> str:
        """The host by which people come to the site: that of `base_url`; empty where that names none of DNS."""
        host = urlsplit(self._base_url).hostname or ""
        return host if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) else ""

    @property
    def _base_url(self) -> str:
        known = option_list(self.version)
        urls = (
            str(value)
            for section, key, value in _options(self.config)
            if known.current_name(section, key) == self.release.web.base_url
        )
        return next(urls, "")

    @property
    def secret_sources(self) -> Mapping[str, SecretSource]:
        """The secrets of Airflow's containers, by the variables that they fill."""
        keys = ((prefix, getattr(self, key)) for key, prefix in _PREFIXES.items())
        return {_variable(prefix, name): source for prefix, sources in keys for name, source in sources.items()}

    @field_validator("version")
    @classmethod
    def _known_release(cls, value: str) -> str:
        if value not in RELEASES:
            refuse(
                f"Windsock does not know Airflow {value!r}",
                hint=f"valid: {', '.join(RELEASES)}; `windsock versions add VERSION` adds another",
            )
        return value

    @field_validator("python")
    @classmethod
    def _supported_python(cls, value: str, info: ValidationInfo) -> str:
        release = RELEASES.get(info.data.get("version", ""))
        if release and value not in release.pythons:
            valid = " or ".join(f'"{python}"' for python in release.pythons)
            refuse(
                f"Windsock has no pins for Airflow {release.version} on Python {value!r}",
                hint=f"valid: {valid}; `windsock versions add {release.version} --python {value}` makes pins",
            )
        return value

    @field_validator("executor")
    @classmethod
    def _known_to_the_release(cls, value: Executor, info: ValidationInfo) -> Executor:
        if release := RELEASES.get(info.data.get("version", "")):
            refuse_any(EXECUTORS[value].check_release(release))
        return value

    @field_validator("config")
    @classmethod
    def _neither_owned_nor_secret(cls, value: Config) -> Config:
        refuse_any(_unfit_options(value))
        _refuse_too_long(value)
        return value

    @field_validator("env_vars")
    @classmethod
    def _may_stand_in_a_template(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        refuse_any(check_plain(value))
        _refuse_too_long(info.data.get("config", {}), value)
        return value

    @field_validator("secrets")
    @classmethod
    def _fill_variables(cls, value: Sources, info: ValidationInfo) -> Sources:
        refuse_any((*check_secret(value), *check_once(value, _set_already(info, "secrets"))))
        return value

    @field_validator("connections", "variables")
    @classmethod
    def _fill_one_variable_each(cls, value: Sources, info: ValidationInfo) -> Sources:
        key = info.field_name or ""
        refuse_any(check_once(value, _set_already(info, key), _PREFIXES[key]))
        return value

    @field_validator("secrets_backend")
    @classmethod
    def _is_the_only_backend(cls, value: SecretsBackend | None, info: ValidationInfo) -> SecretsBackend | None:
        chosen = info.data.get("config", {}).get("secrets", {}).get("backend")
        if value and chosen:
            refuse("Airflow has one secrets backend", hint="remove it here, or secrets.backend from airflow.config")
        return value

    @field_validator("statements")
    @classmethod
    def _fit_a_role(cls, value: tuple[Statement, ...]) -> tuple[Statement, ...]:
        characters = sum(len(text) for each in value for text in (*each.actions, *each.resources))
        if characters > MAXIMUM_STATEMENT_CHARACTERS:
            refuse(
                f"the statements have {characters:,} characters, and {MAXIMUM_STATEMENT_CHARACTERS:,} fit into a role",
                hint="make a managed policy of them, and name it in airflow.policies",
            )
        return value


def _options(config: Config) -> Iterator[tuple[str, str, ConfigValue]]:
    return ((section, key, value) for section, keys in config.items() for key, value in keys.items())


def _refuse_too_long(config: Config, env_vars: Mapping[str, str] = MappingProxyType({})) -> None:
    named = [(option_variable(section, key), str(value)) for section, key, value in _options(config)]
    named += env_vars.items()
    characters = sum(len(f"{name}{text}") for name, text in named)
    size = sum(len(json.dumps({"name": name, "value": text})) + 1 for name, text in named)
    hint = "ECS takes task definitions of 64 KiB: leave out what is Airflow's default, or keep it in a file"
    if characters > MAXIMUM_CONFIG_CHARACTERS:
        words = f"options and variables have {characters:,} characters together, and {MAXIMUM_CONFIG_CHARACTERS:,} fit"
        refuse(words, hint=hint)
    if size > MAXIMUM_CONFIG_BYTES:
        refuse(f"options and variables have {size:,} bytes as JSON, and {MAXIMUM_CONFIG_BYTES:,} fit", hint=hint)


def _unfit_options(config: Config) -> Iterator[Violation]:
    """Yield each option that Windsock sets itself, and each whose value must not stand in a template."""
    for section, key, _ in _options(config):
        at = (section, key)
        if owned := owned_option(section, key):
            other = "" if owned == f"{section}.{key}" else f": it means {owned}"
            yield Violation(f"[{section}] {key} is set by Windsock{other}", "remove it", at)
        elif is_sensitive(section, key):
            yield Violation(f"[{section}] {key} is a secret, which the templates would show", _elsewhere(*at), at)


def _elsewhere(section: str, key: str) -> str:
    named = f"name a secret instead: airflow.secrets: {{{option_variable(section, key)}: {{secret: NAME}}}}"
    return f"use airflow.secrets_backend, or {named}" if (section, key) == _BACKEND else named


def _set_already(info: ValidationInfo, until: str) -> dict[str, str]:
    """Return the variables that the keys before `until` set, with those keys."""
    known = {option_variable(*name): "airflow.config" for *name, _ in _options(info.data.get("config", {}))}
    known |= dict.fromkeys(info.data.get("env_vars", {}), "airflow.env_vars")
    for key, prefix in _PREFIXES.items():
        if key == until:
            break
        known |= {_variable(prefix, name): f"airflow.{key}" for name in info.data.get(key, {})}
    return known


def _variable(prefix: str, name: str) -> str:
    return f"{prefix}{name.upper()}" if prefix else name
