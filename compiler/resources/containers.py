"""What any container on Fargate has: log lines, secrets, and directories of the file system."""

from collections.abc import Mapping
from types import MappingProxyType

from troposphere import Ref, Sub
from troposphere.ecs import AuthorizationConfig, EFSVolumeConfiguration, LogConfiguration, MountPoint, Volume

from compiler.contract import kebab
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue

AIRFLOW_USER = "50000"
AIRFLOW_GROUP = "0"
AIRFLOW_OWNER = f"{AIRFLOW_USER}:{AIRFLOW_GROUP}"
"""What the official image of Airflow runs as."""

BLOCKING = MappingProxyType({"mode": "blocking"})
NON_BLOCKING = MappingProxyType({"mode": "non-blocking", "max-buffer-size": "25m"})
"""Whether a container waits for CloudWatch: a one-off task must lose no line, a scheduler must not miss a heartbeat."""


def log_configuration(stack: StackBuilder, name: str, mode: Mapping[str, str]) -> LogConfiguration:
    """Return where the log lines of a process, or of another container, go."""
    options = {
        "awslogs-group": stack.parameter(values.log_group_of(name)),
        "awslogs-region": Ref("AWS::Region"),
        "awslogs-stream-prefix": kebab(name),
        **mode,
    }
    return LogConfiguration(LogDriver="awslogs", Options=options)


def secret_part(stack: StackBuilder, secret: StackValue, key: str) -> Sub:
    """Return one value of a secret that holds several, for a container's secrets."""
    stack.parameter(secret)
    return Sub(f"${{{secret.title}}}:{key}::")


def mount_point(directory: str, below: str, *, read_only: bool) -> MountPoint:
    """Return where a container sees a directory of the file system."""
    return MountPoint(SourceVolume=directory, ContainerPath=f"{below}/{directory}", ReadOnly=read_only)


def volume(stack: StackBuilder, name: str, access_point: Ref) -> Volume:
    """Return the directory of an access point as a task definition names it."""
    return Volume(
        Name=name,
        EFSVolumeConfiguration=EFSVolumeConfiguration(
            FilesystemId=stack.parameter(values.FILE_SYSTEM),
            TransitEncryption="ENABLED",
            AuthorizationConfig=AuthorizationConfig(AccessPointId=access_point, IAM="ENABLED"),
        ),
    )
