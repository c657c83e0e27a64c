"""What tasks may do in AWS: explicit actions on explicit resources."""

from collections.abc import Iterable, Iterator
from functools import partial

from compiler.contract import CURRENT_RELEASE, DUMP_PREFIX, RELEASE_REPORT, RELEASES_PREFIX
from compiler.model import stack_values as values
from compiler.model.permission import ANY, Permission
from compiler.model.stack_values import StackValue
from compiler.resources.policies import HERE

AT_START = "what ECS does to start a container"

MONITORING = "rds-monitoring"
"""The source of what RDS writes itself."""
BACKUP = "backup"
"""The source of what AWS Backup does itself."""
_GROUP = f"arn:${{AWS::Partition}}:logs:{HERE}:log-group:RDSOSMetrics"
"""The one log group of an account and region for this, which RDS makes and names itself."""


def pull(source: str) -> Iterator[Permission]:
    """Yield the right to pull the image."""
    yield Permission(
        source=source,
        sid="LogInToRegistry",
        actions=("ecr:GetAuthorizationToken",),
        resources=(ANY,),  # the token is for the whole registry
        why=AT_START,
    )
    yield Permission(
        source=source,
        sid="PullImages",
        actions=("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        resources=(_ref(values.REPOSITORY_ARN),),
        why=AT_START,
    )


def read_secrets(source: str, secrets: Iterable[StackValue]) -> Permission:
    """Return the right to read exactly these secrets."""
    return Permission(
        source=source,
        sid="ReadSecrets",
        actions=("secretsmanager:GetSecretValue",),
        resources=tuple(map(_ref, secrets)),
        why=AT_START,
    )


def write_logs(source: str, groups: Iterable[StackValue]) -> Permission:
    """Return the right to write to exactly these log groups; it includes no right to create one."""
    return Permission(
        source=source,
        sid="WriteLogs",
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        resources=tuple(map(_log_group, groups)),
        why="log lines of containers",
    )


def write_task_logs_to_group(source: str) -> Iterator[Permission]:
    """Yield the right to write and read task logs in their log group, which is there already."""
    yield Permission(
        source=source,
        sid="WriteTaskLogs",
        actions=("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"),
        resources=(_log_group(values.TASK_LOG_GROUP),),
        why="logs of Airflow tasks",
    )
    yield Permission(
        source=source,
        sid="FindTaskLogs",
        # The writer's library lists before it writes: if it may not, it tries to create the group, and fails.
        actions=("logs:DescribeLogGroups",),
        resources=(ANY,),
        why="logs of Airflow tasks",
    )


def read_task_logs_from_group(source: str) -> Permission:
    """Return the right to read task logs from their log group."""
    return Permission(
        source=source,
        sid="ReadTaskLogs",
        actions=("logs:DescribeLogStreams", "logs:GetLogEvents"),
        resources=(_log_group(values.TASK_LOG_GROUP),),
        why="logs of Airflow tasks",
    )


def keep_task_logs_in_bucket(source: str, *, write: bool) -> Iterator[Permission]:
    """Yield the right to read, and with `write` to write, task logs in their bucket."""
    yield Permission(
        source=source,
        sid="ListTaskLogs",
        actions=("s3:ListBucket",),
        resources=(_bucket(values.TASK_LOG_BUCKET),),
        why="logs of Airflow tasks",
    )
    yield Permission(
        source=source,
        sid="WriteTaskLogs" if write else "ReadTaskLogs",
        actions=("s3:GetObject", *(("s3:PutObject",) if write else ())),
        resources=(f"{_bucket(values.TASK_LOG_BUCKET)}/*",),
        why="logs of Airflow tasks",
    )


def run_workers(source: str, family: str) -> Iterator[Permission]:
    """Yield what a scheduler needs to run Airflow tasks as ECS tasks of one family, in its own cluster, as workers.

    StopTask covers the question with which the executor starts: it stops a task that is not there.
    """
    arn = f"arn:${{AWS::Partition}}:ecs:{HERE}"
    workers = (f"{arn}:task/${{Cluster}}/*",)
    in_cluster = {"ArnEquals": {"ecs:cluster": "${Cluster.Arn}"}}
    allow = partial(Permission, source=source, why="the executor runs each Airflow task as an ECS task")
    yield allow(
        sid="RunWorkers",
        actions=("ecs:RunTask",),
        resources=(f"{arn}:task-definition/{family}:*",),
        conditions=in_cluster,
    )
    yield allow(
        sid="FollowWorkers",
        actions=("ecs:DescribeTasks", "ecs:StopTask"),
        resources=workers,
        conditions=in_cluster,
    )
    yield allow(
        sid="TagWorkers",
        actions=("ecs:TagResource",),
        resources=workers,
        conditions={"StringEquals": {"ecs:CreateAction": "RunTask"}},
    )
    yield allow(
        sid="HandRolesToWorkers",
        actions=("iam:PassRole",),
        resources=("${WorkerExecutionRole.Arn}", "${WorkerRole.Arn}"),
        conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    )


def open_shell(source: str) -> Permission:
    """Return what the agent of ECS Exec needs inside a container."""
    return Permission(
        source=source,
        sid="OpenShell",
        actions=(
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ),
        resources=(ANY,),  # the channels do not exist before they are opened, and have no ARN to name
        why="windsock shell and tunnel",
    )


def mount(source: str, access_points: Iterable[StackValue], *, write: bool) -> Permission:
    """Return the right to mount the file system through these access points only."""
    arn = f"arn:${{AWS::Partition}}:elasticfilesystem:{HERE}"
    points = tuple(f"{arn}:access-point/{_ref(point)}" for point in access_points)
    return Permission(
        source=source,
        sid="MountToWrite" if write else "MountToRead",
        actions=("elasticfilesystem:ClientMount", *(("elasticfilesystem:ClientWrite",) if write else ())),
        resources=(f"{arn}:file-system/{_ref(values.FILE_SYSTEM)}",),
        why="directories of the file system",
        conditions={"StringEquals": {"elasticfilesystem:AccessPointArn": points}},
    )


def read_releases(source: str) -> Permission:
    """Return the right to read releases, and which of them is current."""
    bucket = _bucket(values.CODE_BUCKET)
    return Permission(
        source=source,
        sid="ReadReleases",
        actions=("s3:GetObject",),
        resources=(f"{bucket}/{RELEASES_PREFIX}*", f"{bucket}/{CURRENT_RELEASE}"),
        why="code that was pushed",
    )


def read_dump(source: str) -> Permission:
    """Return the right to read the dump that a new database begins with."""
    return Permission(
        source=source,
        sid="ReadDump",
        actions=("s3:GetObject",),
        resources=(f"{_bucket(values.CODE_BUCKET)}/{DUMP_PREFIX}*",),
        why="the database begins with a dump",
    )


def report_release(source: str) -> Permission:
    """Return the right to say which release was parsed, and which ones runs use."""
    return Permission(
        source=source,
        sid="ReportRelease",
        actions=("s3:PutObject",),
        resources=(f"{_bucket(values.CODE_BUCKET)}/{RELEASE_REPORT}",),
        why="what the DAG processor made of the code",
    )


def monitoring_permissions() -> Iterator[Permission]:
    """Yield what RDS needs. Source: AmazonRDSEnhancedMonitoringRole, AWS Managed Policy Reference,
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSEnhancedMonitoringRole.html.
    """
    actions = {
        "MakeMonitoringGroup": (("logs:CreateLogGroup", "logs:PutRetentionPolicy"), _GROUP),
        "WriteMonitoring": (
            ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"),
            f"{_GROUP}:log-stream:*",
        ),
    }
    for sid, (allowed, resource) in actions.items():
        yield Permission(
            source=MONITORING, sid=sid, actions=allowed, resources=(resource,), why="metrics of the database's system"
        )


def _ref(value: StackValue) -> str:
    return f"${{{value.title}}}"


def _bucket(value: StackValue) -> str:
    return f"arn:${{AWS::Partition}}:s3:::{_ref(value)}"


def _log_group(value: StackValue) -> str:
    return f"arn:${{AWS::Partition}}:logs:{HERE}:log-group:{_ref(value)}:*"
