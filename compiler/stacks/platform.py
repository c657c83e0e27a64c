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
    AIRFLOW_NEEDS,
    LOSE_NOTHING,
    USER,
    airflow_container,
    log_configuration,
    login_container,
    mount_point,
    volumes,
)
from compiler.airflow.roles import (
    draw_execution_role,
    draw_reader_role,
    draw_scheduler_role,
    draw_sync_role,
    draw_worker_role,
    draw_writer_role,
    task_role,
)
from compiler.airflow.service_discovery import draw_private_names
from compiler.airflow.workers import draw_worker
from compiler.contract import CODE_FOLDERS, CODE_PREFIX, COMMAND, SYNC, SYNC_IMAGE, WEBSERVER_CONFIG, PerProcess
from compiler.model.stack import Sheet
from compiler.model.stack_values import Wire
from compiler.resources.fargate import fargate_task
from spec.environment import Environment
from spec.sections.services import Service as Size

DESCRIPTION = "Cluster, roles and one-off tasks"
TIMEOUT_MINUTES = 15
NEEDS = (
    AIRFLOW_NEEDS
    | {Wire.VPC, Wire.REPOSITORY_ARN, Wire.CODE_BUCKET, Wire.ADMIN_PASSWORD}
    | Wire.every(PerProcess.LOG_GROUP)
)
GIVES = frozenset(
    {
        Wire.CLUSTER,
        Wire.EXECUTION_ROLE,
        Wire.TASK_ROLE,
        Wire.READER_ROLE,
        Wire.SCHEDULER_ROLE,
        Wire.NAMESPACE,
        Wire.API_REGISTRY,
        Wire.COMMAND_TASK_DEFINITION,
        Wire.SYNC_TASK_DEFINITION,
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


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the platform of an environment."""
    cluster = sheet.draw(_cluster(env), "Where the containers of this environment run")
    sheet.give(Wire.CLUSTER, cluster.ref())
    execution = draw_execution_role(env, sheet)
    sheet.give(Wire.EXECUTION_ROLE, execution)
    writer = draw_writer_role(env, sheet)
    taken = {task_role(env, process) for process in env.processes}
    if Wire.TASK_ROLE in taken:
        sheet.give(Wire.TASK_ROLE, writer)
    if Wire.READER_ROLE in taken:
        sheet.give(Wire.READER_ROLE, draw_reader_role(env, sheet))
    if env.on_ecs:
        worker = draw_worker_role(env, sheet)
        sheet.give(Wire.SCHEDULER_ROLE, draw_scheduler_role(env, sheet, cluster, [execution, worker]))
        draw_worker(env, sheet, execution, worker)
    draw_private_names(env, sheet)
    command = sheet.draw(_command(env, sheet, execution, writer), "Runs one Airflow command, such as a migration")
    sheet.give(Wire.COMMAND_TASK_DEFINITION, command.ref())
    sync = sheet.draw(
        _sync(env, sheet, execution, draw_sync_role(sheet)), "Copies code from the bucket to the file system"
    )
    sheet.give(Wire.SYNC_TASK_DEFINITION, sync.ref())


def _cluster(env: Environment) -> Cluster:
    taken = {env.fargate.provider, *(env.workers_or_default.capacity.weights if env.on_ecs else ())}
    return Cluster(
        "Cluster",
        ClusterSettings=[ClusterSetting(Name="containerInsights", Value="enabled" if env.protect else "disabled")],
        CapacityProviders=["FARGATE", *([SPOT] if SPOT in taken else [])],
        DefaultCapacityProviderStrategy=[CapacityProviderStrategyItem(CapacityProvider="FARGATE", Weight=1)],
    )


def _command(env: Environment, sheet: Sheet, execution_role: GetAtt, task_role: GetAtt) -> TaskDefinition:
    login = login_container(env, sheet)
    container = airflow_container(
        env,
        sheet,
        COMMAND,
        "airflow version",
        LOSE_NOTHING,
        variables=login["variables"],
        secrets={"ADMIN_PASSWORD": sheet.wire(Wire.ADMIN_PASSWORD), **login["secrets"]},
    )
    return fargate_task(
        env,
        "CommandTaskDefinition",
        COMMAND_SIZE,
        container,
        volumes(sheet, ACCESS_POINTS),
        ExecutionRoleArn=execution_role,
        TaskRoleArn=task_role,
    )


def _sync(env: Environment, sheet: Sheet, execution_role: GetAtt, task_role: GetAtt) -> TaskDefinition:
    container = ContainerDefinition(
        Name=SYNC,
        Image=SYNC_IMAGE,
        Essential=True,
        User=USER,  # whoever owns the files may give them the times that the next sync compares
        EntryPoint=["/bin/bash", "-c"],
        Command=[SYNC_SCRIPT],
        Environment=[Variable(Name="CODE_BUCKET", Value=sheet.wire(Wire.CODE_BUCKET))],
        MountPoints=[mount_point(directory, SYNC_HOME, read_only=False) for directory in CODE_FOLDERS],
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(sheet, SYNC, LOSE_NOTHING),
    )
    return fargate_task(
        env,
        "SyncTaskDefinition",
        SYNC_SIZE,
        container,
        volumes(sheet, CODE_FOLDERS),
        ExecutionRoleArn=execution_role,
        TaskRoleArn=task_role,
    )
