"""Where code arrives and is read, and where notes are kept: a bucket, a file system, log groups and a marker."""

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
from troposphere.logs import LogGroup
from troposphere.ssm import Parameter

from compiler.airflow.containers import ACCESS_POINTS, AIRFLOW_GROUP, AIRFLOW_USER
from compiler.airflow.task_logs import TASK_LOGS, draw_task_logs
from compiler.contract import PerProcess, words
from compiler.model.stack import DROP, Sheet, state
from compiler.model.stack_values import PUBLIC_SUBNETS, Wire
from compiler.resources.buckets import draw_bucket
from compiler.resources.policies import document, only_mounts_of_this_account, only_tls
from compiler.resources.processes import log_names
from spec.environment import Environment
from spec.sections.database import Container

DESCRIPTION = "Bucket, file system and log groups"
TIMEOUT_MINUTES = 15
NEEDS = frozenset({*PUBLIC_SUBNETS, Wire.FILE_SYSTEM_SECURITY_GROUP})
GIVES = (
    frozenset({Wire.CODE_BUCKET, Wire.FILE_SYSTEM, Wire.MARKER})
    | frozenset(ACCESS_POINTS.values())
    | Wire.every(PerProcess.LOG_GROUP)
    | TASK_LOGS
)

ZONES = "AB"
NOTHING_DONE = "{}"
"""What the marker says before anything is done. It is never changed: CloudFormation writes a value again, over what the
deployer wrote, whenever a property of the parameter changes."""


def build(env: Environment, sheet: Sheet) -> None:
    """Draw what an environment keeps in files."""
    policies = state(protect=env.protect)
    description = "DAGs, plugins and configuration as they were pushed"
    # What deletes itself has nobody to empty its bucket.
    passing = None if env.ttl is None else ""
    sheet.give(Wire.CODE_BUCKET, draw_bucket(sheet, "CodeBucket", description, policies, passing=passing).ref())
    marker = Parameter("Marker", Type="String", Value=NOTHING_DONE, **DROP)
    sheet.give(Wire.MARKER, sheet.draw(marker, "How far the deployer has come").ref())
    _draw_file_system(env, sheet)
    for directory, wire in ACCESS_POINTS.items():
        _draw_access_point(env, sheet, directory, wire)
    draw_task_logs(env, sheet, policies)
    for name in log_names(env):
        wire = Wire.named(PerProcess.LOG_GROUP.of(name))
        group = LogGroup(wire.title, RetentionInDays=env.logs.retention_days, **policies)
        sheet.draw(group, f"Log lines: {words(name)}")
        sheet.give(wire, group.ref())


def _draw_file_system(env: Environment, sheet: Sheet) -> None:
    mounting = [elasticfilesystem.ClientMount, elasticfilesystem.ClientWrite, elasticfilesystem.ClientRootAccess]
    file_system = sheet.draw(
        FileSystem(
            "FileSystem",
            Encrypted=True,
            PerformanceMode="generalPurpose",
            ThroughputMode=_throughput(env),
            BackupPolicy=BackupPolicy(Status="DISABLED"),  # the bucket has the code, CloudWatch has the logs
            FileSystemPolicy=document(only_tls(mounting), only_mounts_of_this_account()),
            FileSystemTags=Tags(Name=env.name),
            **state(protect=env.protect),
        ),
        "What containers read and write: DAGs, plugins, configuration, task logs",
    )
    for index, (zone, subnet) in enumerate(zip(ZONES, PUBLIC_SUBNETS, strict=True)):
        sheet.draw(
            MountTarget(
                f"MountTarget{zone}",
                FileSystemId=file_system.ref(),
                SubnetId=sheet.wire(subnet),
                SecurityGroups=[sheet.wire(Wire.FILE_SYSTEM_SECURITY_GROUP)],
            ),
            f"The file system's address in the {'first' if index == 0 else 'second'} availability zone",
        )
    sheet.give(Wire.FILE_SYSTEM, file_system.ref())


def _throughput(env: Environment) -> str:
    """Return how the file system is paid: elastic throughput, unless a database writes to it all day long."""
    # Bursting starts at 1 MiB/s, slow for a scheduler that reads DAGs; elastic meters each write as 32 KiB or more.
    written = isinstance(env.database, Container) and env.database.persistent
    return "bursting" if written else "elastic"


def _draw_access_point(env: Environment, sheet: Sheet, directory: str, wire: Wire) -> None:
    # Without CreationInfo nobody would make the directory, and every mount would fail.
    creation = CreationInfo(OwnerUid=AIRFLOW_USER, OwnerGid=AIRFLOW_GROUP, Permissions="0755")
    access_point = sheet.draw(
        AccessPoint(
            wire.title,
            FileSystemId=Ref("FileSystem"),
            PosixUser=PosixUser(Uid=AIRFLOW_USER, Gid=AIRFLOW_GROUP),
            RootDirectory=RootDirectory(Path=f"/{directory}", CreationInfo=creation),
            AccessPointTags=Tags(Name=f"{env.name}-{directory}"),
        ),
        f"Door to /{directory} of the file system",
    )
    sheet.give(wire, access_point.ref())
