"""The containers that run Airflow: environment, secrets, mounts and log lines."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from troposphere.ecs import ContainerDefinition, LinuxParameters, Secret, Volume
from troposphere.ecs import Environment as Variable

from compiler.airflow.airflow_options import all_options
from compiler.airflow.database_connection import DATABASE_INPUTS, connection_variables
from compiler.airflow.service_discovery import API_HOST
from compiler.airflow.task_logs import TASK_LOGS, task_log_options
from compiler.contract import AIRFLOW, AIRFLOW_HOME, RELEASES_FOLDER, port, web
from compiler.databases.roster import database_of
from compiler.deliveries.efs import MOUNTS
from compiler.deliveries.roster import delivery_of
from compiler.deliveries.start import start_with_release
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.containers import AIRFLOW_OWNER, log_configuration, mount_point, volume
from compiler.resources.credentials import references
from compiler.resources.service_discovery import private_domain
from spec.environment import Environment

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
        *(values.CODE_BUCKET, values.FILE_SYSTEM, *MOUNTS.values(), *DATABASE_INPUTS, *TASK_LOGS),
    }
)
"""What a stack takes whose containers run Airflow."""


class AirflowContainer(NamedTuple):
    """The container of a process, of a worker or of one-off commands.

    Without `knows_database` it gets no secret but those of the YAML: it does its work through the execution API.
    What runs `beside` the command is a line of shell that never ends.
    `properties` are further properties of its definition.
    """

    name: str
    command: str
    log_mode: Mapping[str, str]
    knows_database: bool = True
    reads_logs_only: bool = False
    beside: str = ""
    loads_dags: bool = False
    variables: Mapping[str, Any] = MappingProxyType({})
    secrets: Mapping[str, Any] = MappingProxyType({})
    properties: Mapping[str, Any] = MappingProxyType({})


def airflow_container(env: Environment, stack: StackBuilder, container: AirflowContainer) -> ContainerDefinition:
    """Return the definition of a container that runs Airflow."""
    delivery = delivery_of(env)
    airflow = {**delivery.variables(stack), **_variables(env, stack, container)}
    variables = {**BASE_VARIABLES, **env.airflow.env_vars, **airflow, **container.variables}
    own = _secrets(env, stack) if container.knows_database else {}
    secrets = {**references(env.airflow.secret_sources), **own, **container.secrets}
    injected = [Secret(Name=key, ValueFrom=value) for key, value in secrets.items()]
    with_secrets: dict[str, Any] = {"Secrets": injected} if injected else {}
    return ContainerDefinition(
        Name=AIRFLOW,
        Image=stack.parameter(values.IMAGE),
        Essential=True,
        User=AIRFLOW_OWNER,
        Command=["bash", "-c", _command(env, container)],
        Environment=[Variable(Name=key, Value=value) for key, value in variables.items()],
        **with_secrets,
        **_mount_points(delivery.mounts, read_only_logs=container.reads_logs_only),
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, container.name, container.log_mode),
        **container.properties,
    )


def _command(env: Environment, container: AirflowContainer) -> str:
    return start_with_release(env, container.command, loads_dags=container.loads_dags, beside=container.beside)


def volumes(env: Environment, stack: StackBuilder) -> list[Volume]:
    """Return the directories of the file system that Airflow mounts, as a task definition names them."""
    points = delivery_of(env).mounts.items()
    return [volume(stack, directory, stack.parameter(point)) for directory, point in points]


def _mount_points(directories: Collection[str], *, read_only_logs: bool) -> dict[str, Any]:
    mounts = [
        mount_point(directory, AIRFLOW_HOME, read_only=directory == RELEASES_FOLDER or read_only_logs)
        for directory in directories
    ]
    return {"MountPoints": mounts} if mounts else {}


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
    return {**database_of(env).secrets(stack), "FERNET_SEED": stack.parameter(values.FERNET_SEED), **signing}
