"""The statements of the policies: explicit actions on explicit resources."""

from collections.abc import Iterable, Sequence
from typing import Any

from awacs import ecr, ecs, elasticfilesystem, iam, logs, s3, secretsmanager, ssmmessages, sts
from awacs.aws import (
    Action,
    Allow,
    ArnEquals,
    ArnLike,
    Bool,
    Condition,
    Deny,
    PolicyDocument,
    Principal,
    Statement,
    StringEquals,
    StringLike,
)
from troposphere import Ref, Sub

VERSION = "2012-10-17"
EVERYTHING = "*"
HERE = "${AWS::Region}:${AWS::AccountId}"

MOUNT_TO_READ = ("elasticfilesystem:ClientMount",)
MOUNT_TO_WRITE = (*MOUNT_TO_READ, "elasticfilesystem:ClientWrite")


def document(*statements: Statement) -> dict[str, Any]:
    """Return a policy of these statements."""
    policy: dict[str, Any] = PolicyDocument(Version=VERSION, Statement=list(statements)).JSONrepr()
    return policy


def trust_tasks() -> dict[str, Any]:
    """Return the trust in ECS tasks of this account and region; another account's tasks cannot borrow it."""
    account = StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))
    source = ArnLike("aws:SourceArn", Sub(f"arn:${{AWS::Partition}}:ecs:{HERE}:*"))
    return document(
        Statement(
            Effect=Allow,
            Principal=Principal("Service", "ecs-tasks.amazonaws.com"),
            Action=[sts.AssumeRole],
            Condition=Condition([account, source]),
        )
    )


def trust_schedules() -> dict[str, Any]:
    """Return the trust in schedules of this account."""
    return _trust("scheduler.amazonaws.com", Condition(StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))))


def trust_cloudformation() -> dict[str, Any]:
    """Return the trust in CloudFormation, for any user of this account who may pass the role."""
    # Only who may pass the role gets CloudFormation to use it, and only within the account: no condition adds to that.
    return _trust("cloudformation.amazonaws.com")


def _trust(service: str, condition: Condition | None = None) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return document(Statement(Effect=Allow, Principal=Principal("Service", service), Action=[sts.AssumeRole], **more))


def only_tls(actions: Iterable[Action], resources: Sequence[Any] = ()) -> Statement:
    """Return the refusal of connections without TLS; without resources it means the thing it is attached to."""
    return Statement(
        Sid="OnlyTls",
        Effect=Deny,
        Principal=Principal(EVERYTHING),
        Action=list(actions),
        Condition=Condition(Bool("aws:SecureTransport", "false")),
        **({"Resource": list(resources)} if resources else {}),
    )


def only_mounts_of_this_account() -> Statement:
    """Return the one way in to a file system: through a mount target, by roles of this account."""
    return Statement(
        Sid="OnlyMountsOfThisAccount",
        Effect=Allow,
        Principal=Principal("AWS", Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")),
        Action=[elasticfilesystem.ClientMount, elasticfilesystem.ClientWrite],
        Condition=Condition(Bool("elasticfilesystem:AccessedViaMountTarget", "true")),
    )


def pull(repository_arn: Any) -> tuple[Statement, ...]:
    """Return the right to pull the images of one repository."""
    return (
        Statement(
            Sid="LogInToRegistry",
            Effect=Allow,
            Action=[ecr.GetAuthorizationToken],
            Resource=[EVERYTHING],  # the token is for the whole registry: IAM has no narrower resource
        ),
        Statement(
            Sid="PullImages",
            Effect=Allow,
            Action=[ecr.BatchCheckLayerAvailability, ecr.BatchGetImage, ecr.GetDownloadUrlForLayer],
            Resource=[repository_arn],
        ),
    )


def read_secrets(arns: Iterable[Any]) -> Statement:
    """Return the right to read exactly these secrets."""
    return Statement(Sid="ReadSecrets", Effect=Allow, Action=[secretsmanager.GetSecretValue], Resource=list(arns))


def write_logs(groups: Iterable[Ref]) -> Statement:
    """Return the right to write to exactly these log groups; it includes no right to create one."""
    arns = [Sub(f"arn:${{AWS::Partition}}:logs:{HERE}:log-group:${{{group.data['Ref']}}}:*") for group in groups]
    return Statement(Sid="WriteLogs", Effect=Allow, Action=[logs.CreateLogStream, logs.PutLogEvents], Resource=arns)


def write_task_logs(group: Ref) -> tuple[Statement, ...]:
    """Return the right to write and read task logs in exactly this log group, which is there already."""
    return (
        Statement(
            Sid="WriteTaskLogs",
            Effect=Allow,
            Action=[logs.CreateLogStream, logs.PutLogEvents, logs.DescribeLogStreams, logs.GetLogEvents],
            Resource=[_log_group(group)],
        ),
        Statement(
            Sid="FindTaskLogs",
            Effect=Allow,
            # Who may not look for the group tries to create it, and fails: the writer's library lists before it writes.
            Action=[logs.DescribeLogGroups],
            Resource=[EVERYTHING],
        ),
    )


def read_task_logs(group: Ref) -> Statement:
    """Return the right to read task logs from exactly this log group."""
    return Statement(
        Sid="ReadTaskLogs",
        Effect=Allow,
        Action=[logs.DescribeLogStreams, logs.GetLogEvents],
        Resource=[_log_group(group)],
    )


def keep_task_logs(bucket: Ref, *, write: bool) -> tuple[Statement, ...]:
    """Return the right to read, and with `write` to write, task logs in exactly this bucket."""
    arn = f"arn:${{AWS::Partition}}:s3:::${{{bucket.data['Ref']}}}"
    return (
        Statement(Sid="ListTaskLogs", Effect=Allow, Action=[s3.ListBucket], Resource=[Sub(arn)]),
        Statement(
            Sid="WriteTaskLogs" if write else "ReadTaskLogs",
            Effect=Allow,
            Action=[s3.GetObject, *([s3.PutObject] if write else [])],
            Resource=[Sub(f"{arn}/*")],
        ),
    )


def _log_group(group: Ref) -> Sub:
    return Sub(f"arn:${{AWS::Partition}}:logs:{HERE}:log-group:${{{group.data['Ref']}}}:*")


def run_workers(cluster: Ref, cluster_arn: Any, family: str, roles: Iterable[Any]) -> tuple[Statement, ...]:
    """Return what a scheduler needs to run Airflow tasks as ECS tasks of one family, in one cluster, as these roles.

    StopTask covers the question with which the executor starts: it stops a task that is not there.
    """
    arn = f"arn:${{AWS::Partition}}:ecs:{HERE}"
    definitions = Sub(f"{arn}:task-definition/{family}:*")
    workers = Sub(f"{arn}:task/${{{cluster.data['Ref']}}}/*")
    in_cluster = ArnEquals("ecs:cluster", cluster_arn)
    on_start = StringEquals("ecs:CreateAction", "RunTask")
    to_tasks = StringEquals("iam:PassedToService", "ecs-tasks.amazonaws.com")
    return (
        _allow("RunWorkers", [ecs.RunTask], [definitions], in_cluster),
        _allow("FollowWorkers", [ecs.DescribeTasks, ecs.StopTask], [workers], in_cluster),
        _allow("TagWorkers", [ecs.TagResource], [workers], on_start),
        _allow("HandRolesToWorkers", [iam.PassRole], list(roles), to_tasks),
    )


def _allow(sid: str, actions: list[Action], resources: list[Any], test: Any) -> Statement:
    return Statement(Sid=sid, Effect=Allow, Action=actions, Resource=resources, Condition=Condition(test))


def open_shell() -> Statement:
    """Return what the agent of ECS Exec needs inside a container."""
    return Statement(
        Sid="OpenShell",
        Effect=Allow,
        Action=[
            ssmmessages.CreateControlChannel,
            ssmmessages.CreateDataChannel,
            ssmmessages.OpenControlChannel,
            ssmmessages.OpenDataChannel,
        ],
        Resource=[EVERYTHING],  # the channels do not exist before they are opened, and have no ARN to name
    )


def mount(file_system: Ref, access_points: Iterable[Ref], *, write: bool) -> Statement:
    """Return the right to mount a file system through these access points only."""
    arn = f"arn:${{AWS::Partition}}:elasticfilesystem:{HERE}"
    points = [Sub(f"{arn}:access-point/${{{point.data['Ref']}}}") for point in access_points]
    return Statement(
        Sid="MountToWrite" if write else "MountToRead",
        Effect=Allow,
        Action=[Action(*action.split(":")) for action in (MOUNT_TO_WRITE if write else MOUNT_TO_READ)],
        Resource=[Sub(f"{arn}:file-system/${{{file_system.data['Ref']}}}")],
        Condition=Condition(StringEquals("elasticfilesystem:AccessPointArn", points)),
    )


def read_objects(bucket: Ref, prefix: str) -> tuple[Statement, ...]:
    """Return the right to list and read the objects below `prefix` of a bucket."""
    arn = f"arn:${{AWS::Partition}}:s3:::${{{bucket.data['Ref']}}}"
    return (
        Statement(
            Sid="ListCode",
            Effect=Allow,
            Action=[s3.ListBucket],
            Resource=[Sub(arn)],
            Condition=Condition(StringLike("s3:prefix", [f"{prefix}*"])),
        ),
        Statement(
            Sid="ReadCode",
            Effect=Allow,
            Action=[s3.GetObject],
            Resource=[Sub(f"{arn}/{prefix}*")],
        ),
    )
