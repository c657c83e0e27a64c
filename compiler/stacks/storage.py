"""What an environment keeps in files: a bucket, a file system, log groups and the deploy state."""

from functools import partial

from awacs import elasticfilesystem
from troposphere import Ref, Tags
from troposphere.efs import (
    AccessPoint,
    BackupPolicy,
    CreationInfo,
    FileSystem,
    MountTarget,
    PosixUser,
    RootDirectory,
)
from troposphere.ssm import Parameter

from compiler.airflow.task_logs import TASK_LOGS, add_task_logs, log_group
from compiler.databases.roster import database_of
from compiler.deliveries.efs import ACCESS_POINTS
from compiler.deliveries.roster import delivery_of
from compiler.environment_parts import log_names, needs_file_system
from compiler.model import stack_values as values
from compiler.model.stack import DELETE, StackBuilder, state
from compiler.model.stack_values import StackValue
from compiler.placements.roster import placement_of
from compiler.resources.buckets import add_access_logs, add_bucket
from compiler.resources.containers import AIRFLOW_GROUP, AIRFLOW_USER
from compiler.resources.encryption import encrypted, key_of
from compiler.resources.network.subnets import ORDINALS, ZONES
from compiler.resources.policies import document, only_mounts_of_this_account, only_pushed_objects, only_tls
from spec.environment import Environment

DESCRIPTION = "Bucket, file system and log groups"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({*values.PUBLIC_SUBNETS, values.security_group_of("file_system"), values.ENCRYPTION_KEY})
OUTPUTS = (
    frozenset({values.CODE_BUCKET, values.FILE_SYSTEM, values.DEPLOY_STATE})
    | frozenset(ACCESS_POINTS.values())
    | frozenset(values.LOG_GROUPS)
    | TASK_LOGS
    | {values.ACCESS_LOG_BUCKET}
)

NOTHING_DONE = "{}"
"""The deploy state before anything is done. It is never changed: CloudFormation writes a value again, over what the
deployer wrote, whenever a property of the parameter changes."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Add what an environment keeps in files."""
    policies = state(protect=env.protect)
    description = "DAGs, plugins and configuration as they were pushed"
    # Nobody empties the bucket of an environment that deletes itself, so S3 does.
    expiring = None if env.ttl is None else ""
    days = env.logs.retention_days
    access_logs = add_access_logs(env.aws.region, days, stack, policies) if env.logs.access else None
    bucket = add_bucket(
        stack,
        "CodeBucket",
        description,
        policies,
        expiring_prefix=expiring,
        statements=partial(only_pushed_objects, env.name, env.code.pushers),
        access_logs=access_logs,
        key=key_of(env, stack, "buckets"),
    )
    stack.output(values.CODE_BUCKET, bucket.ref())
    state_parameter = Parameter(values.DEPLOY_STATE.title, Type="String", Value=NOTHING_DONE, **DELETE)
    stack.output(values.DEPLOY_STATE, stack.add(state_parameter, "How far windsock deploy has come").ref())
    if needs_file_system(env):
        _add_file_system(env, stack)
    for directory, value in delivery_of(env).access_points.items():
        _add_access_point(env, stack, directory, value)
    add_task_logs(env, stack, policies, access_logs)
    for name in log_names(env):
        value = values.log_group_of(name)
        group = log_group(env, stack, value.title, policies)
        stack.add(group, values.log_group_of(name).description)
        stack.output(value, group.ref())


def _add_file_system(env: Environment, stack: StackBuilder) -> None:
    mounting = [elasticfilesystem.ClientMount, elasticfilesystem.ClientWrite, elasticfilesystem.ClientRootAccess]
    file_system = stack.add(
        FileSystem(
            "FileSystem",
            Encrypted=True,
            **encrypted(env, stack, "file_system"),
            PerformanceMode="generalPurpose",
            ThroughputMode=_throughput(env),
            BackupPolicy=BackupPolicy(Status="DISABLED"),  # the bucket has the code, CloudWatch has the logs
            FileSystemPolicy=document(only_tls(mounting), only_mounts_of_this_account()),
            FileSystemTags=Tags(Name=env.name),
            **state(protect=env.protect),
        ),
        "Directories of DAGs, plugins, configuration and task logs",
    )
    for index, subnet in enumerate(placement_of(env).file_system_subnets):
        stack.add(
            MountTarget(
                f"MountTarget{ZONES[index]}",
                FileSystemId=file_system.ref(),
                SubnetId=stack.known(subnet),
                SecurityGroups=[stack.parameter(values.security_group_of("file_system"))],
            ),
            f"Mount target of the file system in the {ORDINALS[index]} availability zone",
        )
    stack.output(values.FILE_SYSTEM, file_system.ref())


def _throughput(env: Environment) -> str:
    """Return how the file system is paid: elastic throughput, unless a database writes to it all day long."""
    # Bursting starts at 1 MiB/s, slow for a scheduler that reads DAGs; elastic meters each write as 32 KiB or more.
    return "bursting" if database_of(env).needs_steady_throughput else "elastic"


def _add_access_point(env: Environment, stack: StackBuilder, directory: str, value: StackValue) -> None:
    # Without CreationInfo EFS would not make the directory, and every mount would fail.
    creation = CreationInfo(OwnerUid=AIRFLOW_USER, OwnerGid=AIRFLOW_GROUP, Permissions="0755")
    access_point = stack.add(
        AccessPoint(
            value.title,
            FileSystemId=Ref("FileSystem"),
            PosixUser=PosixUser(Uid=AIRFLOW_USER, Gid=AIRFLOW_GROUP),
            RootDirectory=RootDirectory(Path=f"/{directory}", CreationInfo=creation),
            AccessPointTags=Tags(Name=f"{env.name}-{directory}"),
        ),
        f"Access point of /{directory}",
    )
    stack.output(value, access_point.ref())
