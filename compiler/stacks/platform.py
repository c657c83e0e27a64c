"""What services stand on: the cluster, the roles of its containers, and the tasks that run once."""

from troposphere import GetAtt
from troposphere.ecs import (
    CapacityProviderStrategyItem,
    Cluster,
    ClusterSetting,
    ContainerDefinition,
    LinuxParameters,
    TaskDefinition,
)
from troposphere.ecs import (
    Environment as Variable,
)

from compiler.airflow.containers import (
    ACCESS_POINTS,
    AIRFLOW_INPUTS,
    BLOCKING,
    USER,
    airflow_container,
    log_configuration,
    login_container,
    mount_point,
    volumes,
)
from compiler.airflow.roles import (
    add_execution_role,
    add_reader_role,
    add_scheduler_role,
    add_sync_role,
    add_worker_role,
    add_writer_role,
    task_role,
)
from compiler.airflow.service_discovery import add_service_discovery
from compiler.airflow.workers import add_worker
from compiler.contract import CODE_FOLDERS, CODE_PREFIX, COMMAND, SYNC, SYNC_IMAGE, WEBSERVER_CONFIG
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.fargate import fargate_task
from spec.environment import Environment
from spec.sections.services import Service as Size

DESCRIPTION = "Cluster, roles and one-off tasks"
TIMEOUT_MINUTES = 15
INPUTS = (
    AIRFLOW_INPUTS
    | {values.VPC, values.REPOSITORY_ARN, values.CODE_BUCKET, values.ADMIN_PASSWORD}
    | frozenset(values.LOG_GROUPS)
)
OUTPUTS = frozenset(
    {
        values.CLUSTER,
        values.EXECUTION_ROLE,
        values.TASK_ROLE,
        values.READER_ROLE,
        values.SCHEDULER_ROLE,
        values.NAMESPACE,
        values.API_REGISTRY,
        values.COMMAND_TASK_DEFINITION,
        values.SYNC_TASK_DEFINITION,
    }
)

COMMAND_SIZE = Size.of(512, 1024)
SYNC_SIZE = Size.of(256, 512)
SYNC_HOME = "/mnt"

# A file of the same size as the old one is new to the sync only with --exact-timestamps.
SYNC_SCRIPT = f"""\
set -euo pipefail
for folder in {" ".join(CODE_FOLDERS)}; do
  aws s3 sync "s3://$CODE_BUCKET/{CODE_PREFIX}$folder" "{SYNC_HOME}/$folder" \\
    --exact-timestamps --delete --exclude {WEBSERVER_CONFIG} --no-progress
done
aws s3 cp "s3://$CODE_BUCKET/{CODE_PREFIX}{WEBSERVER_CONFIG}" "{SYNC_HOME}/config/{WEBSERVER_CONFIG}" --no-progress
"""

SPOT = "FARGATE_SPOT"


def build(env: Environment, stack: StackBuilder) -> None:
    """Draw the platform of an environment."""
    cluster = stack.add(_cluster(env), "Where the containers of this environment run")
    stack.output(values.CLUSTER, cluster.ref())
    execution = add_execution_role(env, stack)
    stack.output(values.EXECUTION_ROLE, execution)
    writer = add_writer_role(env, stack)
    taken = {task_role(env, process) for process in env.processes}
    if values.TASK_ROLE in taken:
        stack.output(values.TASK_ROLE, writer)
    if values.READER_ROLE in taken:
        stack.output(values.READER_ROLE, add_reader_role(env, stack))
    if env.on_ecs:
        worker = add_worker_role(env, stack)
        stack.output(values.SCHEDULER_ROLE, add_scheduler_role(env, stack, cluster, [execution, worker]))
        add_worker(env, stack, execution, worker)
    add_service_discovery(env, stack)
    command = stack.add(_command(env, stack, execution, writer), "Runs one Airflow command, such as a migration")
    stack.output(values.COMMAND_TASK_DEFINITION, command.ref())
    sync = stack.add(
        _sync(env, stack, execution, add_sync_role(stack)), "Copies code from the bucket to the file system"
    )
    stack.output(values.SYNC_TASK_DEFINITION, sync.ref())


def _cluster(env: Environment) -> Cluster:
    taken = {env.fargate.provider, *(env.workers_or_default.capacity.weights if env.on_ecs else ())}
    return Cluster(
        "Cluster",
        ClusterSettings=[ClusterSetting(Name="containerInsights", Value="enabled" if env.protect else "disabled")],
        CapacityProviders=["FARGATE", *([SPOT] if SPOT in taken else [])],
        DefaultCapacityProviderStrategy=[CapacityProviderStrategyItem(CapacityProvider="FARGATE", Weight=1)],
    )


def _command(env: Environment, stack: StackBuilder, execution_role: GetAtt, task_role: GetAtt) -> TaskDefinition:
    login = login_container(env, stack)
    container = airflow_container(
        env,
        stack,
        COMMAND,
        "airflow version",
        BLOCKING,
        variables=login["variables"],
        secrets={"ADMIN_PASSWORD": stack.parameter(values.ADMIN_PASSWORD), **login["secrets"]},
    )
    return fargate_task(
        env,
        "CommandTaskDefinition",
        COMMAND_SIZE,
        container,
        volumes(stack, ACCESS_POINTS),
        ExecutionRoleArn=execution_role,
        TaskRoleArn=task_role,
    )


def _sync(env: Environment, stack: StackBuilder, execution_role: GetAtt, task_role: GetAtt) -> TaskDefinition:
    container = ContainerDefinition(
        Name=SYNC,
        Image=SYNC_IMAGE,
        Essential=True,
        User=USER,  # whoever owns the files may give them the times that the next sync compares
        EntryPoint=["/bin/bash", "-c"],
        Command=[SYNC_SCRIPT],
        Environment=[Variable(Name="CODE_BUCKET", Value=stack.parameter(values.CODE_BUCKET))],
        MountPoints=[mount_point(directory, SYNC_HOME, read_only=False) for directory in CODE_FOLDERS],
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, SYNC, BLOCKING),
    )
    return fargate_task(
        env,
        "SyncTaskDefinition",
        SYNC_SIZE,
        container,
        volumes(stack, CODE_FOLDERS),
        ExecutionRoleArn=execution_role,
        TaskRoleArn=task_role,
    )
