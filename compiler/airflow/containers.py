"""What containers share: environment, secrets, mounts and log lines."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from troposphere import Ref
from troposphere.ecs import (
    AuthorizationConfig,
    ContainerDefinition,
    EFSVolumeConfiguration,
    LinuxParameters,
    LogConfiguration,
    MountPoint,
    Secret,
    Volume,
)
from troposphere.ecs import (
    Environment as Variable,
)

from compiler.airflow.airflow_options import all_options
from compiler.airflow.connection import (
    DATABASE_INPUTS,
    connection_secrets,
    connection_variables,
    private_domain,
    secret_part,
)
from compiler.airflow.service_discovery import API_HOST
from compiler.airflow.site import PREFIX, login_variables
from compiler.airflow.task_logs import TASK_LOGS, task_log_options
from compiler.contract import (
    AIRFLOW,
    AIRFLOW_HOME,
    CLIENT_KEYS,
    CODE_FOLDERS,
    WEBSERVER_CONFIG,
    kebab,
    port,
    web,
)
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.environment import Environment
from spec.sections.auth import Password

AIRFLOW_USER = "50000"
AIRFLOW_GROUP = "0"
USER = f"{AIRFLOW_USER}:{AIRFLOW_GROUP}"

ACCESS_POINTS: Mapping[str, StackValue] = MappingProxyType(
    {
        "dags": values.DAGS_ACCESS_POINT,
        "plugins": values.PLUGINS_ACCESS_POINT,
        "config": values.CONFIG_ACCESS_POINT,
        "logs": values.LOGS_ACCESS_POINT,
    }
)
"""The directories of the file system; a container mounts each below its own door."""

BASE_VARIABLES = MappingProxyType({"AIRFLOW_HOME": AIRFLOW_HOME, "PYTHONDONTWRITEBYTECODE": "1"})
"""What every Airflow container has: its home, and no wish to write beside code that is mounted read-only."""

LINK_WEB_SETTINGS = f"ln -sfn {AIRFLOW_HOME}/config/{WEBSERVER_CONFIG} {AIRFLOW_HOME}/{WEBSERVER_CONFIG}"
"""Airflow reads this file from its home only, and a file system mounts directories only."""

# Airflow runs such a command without a shell; the value comes from a secret that ECS puts into the environment.
FERNET_COMMAND = "bash -c 'printf %s= \"$FERNET_SEED\"'"

SIGNING_SECRETS: Mapping[str, StackValue] = MappingProxyType(
    {"webserver": values.WEBSERVER_SECRET_KEY, "jwt": values.JWT_SECRET}
)

AIRFLOW_INPUTS = (
    frozenset(
        {
            values.IMAGE,
            values.FERNET_SEED,
            values.WEBSERVER_SECRET_KEY,
            values.JWT_SECRET,
            values.OAUTH_CLIENT,
            values.FILE_SYSTEM,
        }
    )
    | DATABASE_INPUTS
    | frozenset(ACCESS_POINTS.values())
    | TASK_LOGS
)
"""What a stack needs whose containers run Airflow."""

BLOCKING = MappingProxyType({"mode": "blocking"})
NON_BLOCKING = MappingProxyType({"mode": "non-blocking", "max-buffer-size": "25m"})
"""Whether a container waits for CloudWatch or goes on: a hook's last line matters, a scheduler's heartbeat more."""


def airflow_container(
    env: Environment,
    stack: StackBuilder,
    name: str,
    command: str,
    logs: Mapping[str, str],
    *,
    knows_database: bool = True,
    **more: Any,
) -> ContainerDefinition:
    """Return the container of a process, of a worker or of one-off commands; `more` overrides and adds properties.

    Without `knows_database` it gets no secret at all: it does its work through the execution API.
    """
    known = _knowledge(env, stack) if knows_database else {}
    variables = {**BASE_VARIABLES, **known, **_environment(env, stack), **more.pop("variables", {})}
    secrets = {**(_secrets(env, stack) if knows_database else {}), **more.pop("secrets", {})}
    injected = [Secret(Name=key, ValueFrom=value) for key, value in secrets.items()]
    given: dict[str, Any] = {"Secrets": injected} if injected else {}
    read_only = more.pop("read_only_logs", False)
    return ContainerDefinition(
        Name=AIRFLOW,
        Image=stack.parameter(values.IMAGE),
        Essential=True,
        User=USER,
        Command=["bash", "-c", f"{LINK_WEB_SETTINGS} && exec {command}"],
        Environment=[Variable(Name=key, Value=value) for key, value in variables.items()],
        **given,
        MountPoints=[
            mount_point(directory, AIRFLOW_HOME, read_only=directory in CODE_FOLDERS or read_only)
            for directory in ACCESS_POINTS
        ],
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, name, logs),
        **more,
    )


def login_container(env: Environment, stack: StackBuilder) -> dict[str, dict[str, Any]]:
    """Return variables and secrets of a container that reads webserver_config.py: of the web server, of commands."""
    if isinstance(env.auth, Password):
        return {"variables": {}, "secrets": {}}
    client = {f"{PREFIX}{key.upper()}": secret_part(stack, values.OAUTH_CLIENT, key) for key in CLIENT_KEYS}
    return {"variables": dict(login_variables(env)), "secrets": client}


def log_configuration(stack: StackBuilder, name: str, mode: Mapping[str, str]) -> LogConfiguration:
    """Return where the log lines of a process, of `command` or of `sync` go."""
    options = {
        "awslogs-group": stack.parameter(values.log_group_of(name)),
        "awslogs-region": Ref("AWS::Region"),
        "awslogs-stream-prefix": kebab(name),
        **mode,
    }
    return LogConfiguration(LogDriver="awslogs", Options=options)


def mount_point(directory: str, below: str, *, read_only: bool) -> MountPoint:
    """Return where a container sees a directory of the file system."""
    return MountPoint(SourceVolume=directory, ContainerPath=f"{below}/{directory}", ReadOnly=read_only)


def volumes(stack: StackBuilder, directories: Iterable[str]) -> list[Volume]:
    """Return the directories of the file system as a task definition names them."""
    return [volume(stack, directory, stack.parameter(ACCESS_POINTS[directory])) for directory in directories]


def volume(stack: StackBuilder, name: str, access_point: Ref) -> Volume:
    """Return what is behind one door of the file system, as a task definition names it."""
    return Volume(
        Name=name,
        EFSVolumeConfiguration=EFSVolumeConfiguration(
            FilesystemId=stack.parameter(values.FILE_SYSTEM),
            TransitEncryption="ENABLED",
            AuthorizationConfig=AuthorizationConfig(AccessPointId=access_point, IAM="ENABLED"),
        ),
    )


def _knowledge(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    return {**connection_variables(env, stack), "AIRFLOW__CORE__FERNET_KEY_CMD": FERNET_COMMAND}


def _environment(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    fixed = {}
    if env.airflow.release.execution_api:
        address = f"{API_HOST}.{private_domain(env)}:{port(web(env))}"
        fixed["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] = f"http://{address}/execution/"
    return {**fixed, **task_log_options(env, stack), **all_options(env)}


def _secrets(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    signing = {
        variable: stack.parameter(SIGNING_SECRETS[secret])
        for variable, secret in env.airflow.release.secret_keys.items()
    }
    return {
        **connection_secrets(stack),
        "FERNET_SEED": stack.parameter(values.FERNET_SEED),
        **signing,
    }
