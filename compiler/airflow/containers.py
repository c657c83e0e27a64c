"""The containers that run Airflow: environment, secrets, mounts and log lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from troposphere.ecs import ContainerDefinition, LinuxParameters, MountPoint, Secret, Volume
from troposphere.ecs import Environment as Variable

from compiler.airflow.airflow_options import all_options
from compiler.airflow.dag_needs import secret_references
from compiler.airflow.database_connection import DATABASE_INPUTS, connection_secrets, connection_variables
from compiler.airflow.service_discovery import API_HOST
from compiler.airflow.task_logs import TASK_LOGS, task_log_options
from compiler.contract import AIRFLOW, AIRFLOW_HOME, CODE_FOLDERS, port, web
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.containers import log_configuration, mount_point, volume
from compiler.resources.service_discovery import private_domain
from spec.environment import Environment

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
"""The directories of the file system; a container mounts each through an access point of its own."""

BASE_VARIABLES = MappingProxyType({"AIRFLOW_HOME": AIRFLOW_HOME, "PYTHONDONTWRITEBYTECODE": "1"})
"""What every Airflow container has: its home, and no wish to write beside code that is mounted read-only."""

# Airflow runs such a command without a shell; the value comes from a secret that ECS puts into the environment.
FERNET_COMMAND = "bash -c 'printf %s= \"$FERNET_SEED\"'"

SIGNING_SECRETS: Mapping[str, StackValue] = MappingProxyType(
    {"webserver": values.WEBSERVER_SECRET_KEY, "jwt": values.JWT_SECRET}
)

AIRFLOW_INPUTS = frozenset(
    {
        *(values.IMAGE, values.FERNET_SEED, values.WEBSERVER_SECRET_KEY, values.JWT_SECRET, values.OAUTH_CLIENT),
        *(values.FILE_SYSTEM, *ACCESS_POINTS.values(), *DATABASE_INPUTS, *TASK_LOGS),
    }
)
"""What a stack takes whose containers run Airflow."""


@dataclass(frozen=True, kw_only=True)
class AirflowContainer:
    """The container of a process, of a worker or of one-off commands.

    Without `knows_database` it gets no secret but those of the YAML: it does its work through the execution API.
    `properties` are further properties of its definition.
    """

    name: str
    command: str
    log_mode: Mapping[str, str]
    knows_database: bool = True
    reads_logs_only: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)


def airflow_container(env: Environment, stack: StackBuilder, container: AirflowContainer) -> ContainerDefinition:
    """Return the definition of a container that runs Airflow."""
    variables = {**BASE_VARIABLES, **env.airflow.env_vars, **_variables(env, stack, container), **container.variables}
    own = _secrets(env, stack) if container.knows_database else {}
    secrets = {**secret_references(env), **own, **container.secrets}
    injected = [Secret(Name=key, ValueFrom=value) for key, value in secrets.items()]
    with_secrets: dict[str, Any] = {"Secrets": injected} if injected else {}
    return ContainerDefinition(
        Name=AIRFLOW,
        Image=stack.parameter(values.IMAGE),
        Essential=True,
        User=USER,
        Command=["bash", "-c", f"exec {container.command}"],
        Environment=[Variable(Name=key, Value=value) for key, value in variables.items()],
        **with_secrets,
        MountPoints=_mount_points(read_only_logs=container.reads_logs_only),
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, container.name, container.log_mode),
        **container.properties,
    )


def volumes(stack: StackBuilder, directories: Iterable[str]) -> list[Volume]:
    """Return the directories of the file system as a task definition names them."""
    return [volume(stack, directory, stack.parameter(ACCESS_POINTS[directory])) for directory in directories]


def _mount_points(*, read_only_logs: bool) -> list[MountPoint]:
    return [
        mount_point(directory, AIRFLOW_HOME, read_only=directory in CODE_FOLDERS or read_only_logs)
        for directory in ACCESS_POINTS
    ]


def _variables(env: Environment, stack: StackBuilder, container: AirflowContainer) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    if container.knows_database:
        variables = {**connection_variables(env, stack), "AIRFLOW__CORE__FERNET_KEY_CMD": FERNET_COMMAND}
    if env.airflow.release.execution_api:
        address = f"{API_HOST}.{private_domain(env)}:{port(web(env))}"
        variables["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] = f"http://{address}{env.airflow.base_path}/execution/"
    return {**variables, **task_log_options(env, stack), **all_options(env)}


def _secrets(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    keys = env.airflow.release.secret_keys.items()
    signing = {variable: stack.parameter(SIGNING_SECRETS[secret]) for variable, secret in keys}
    return {**connection_secrets(stack), "FERNET_SEED": stack.parameter(values.FERNET_SEED), **signing}
