"""The delivery `efs`: a one-off task lays each release on the file system that containers mount."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from troposphere import GetAtt
from troposphere.ecs import ContainerDefinition, LinuxParameters
from troposphere.ecs import Environment as Variable

from compiler.contract import (
    AIRFLOW_HOME,
    CODE_BUCKET_VARIABLE,
    CODE_FOLDERS,
    RELEASES_FOLDER,
    RELEASES_VARIABLE,
    SYNC,
    SYNC_RELEASES,
)
from compiler.deliveries.reports import report_permissions
from compiler.model import stack_values as values
from compiler.model.kind import OfEnvironment
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.containers import AIRFLOW_OWNER, BLOCKING, log_configuration, mount_point, volume
from compiler.resources.encryption import key_permissions
from compiler.resources.fargate import FargateTask, fargate_task
from compiler.resources.permissions import mount, read_releases
from compiler.resources.roles import add_task_role
from spec.environment import Environment
from spec.sections.services import Service as Size

ACCESS_POINTS: Mapping[str, StackValue] = MappingProxyType(
    {
        "dags": values.DAGS_ACCESS_POINT,
        "plugins": values.PLUGINS_ACCESS_POINT,
        "config": values.CONFIG_ACCESS_POINT,
        "logs": values.LOGS_ACCESS_POINT,
    }
)
"""The directories of the file system. Releases lie whole in the first; an earlier Windsock put files into all three of
the code, which the sync task clears away."""

MOUNTS: Mapping[str, StackValue] = MappingProxyType(
    {RELEASES_FOLDER: values.DAGS_ACCESS_POINT, "logs": values.LOGS_ACCESS_POINT}
)

SYNC_SIZE = Size.of(256, 512)
SYNC_HOME = "/mnt"
SYNC_RELEASES_FOLDER = f"{SYNC_HOME}/dags"
SYNC_FORMER_FOLDERS = (f"{SYNC_HOME}/plugins", f"{SYNC_HOME}/config")


class EfsDelivery(OfEnvironment):
    """Directories of a file system."""

    tasks = (SYNC,)
    access_points = ACCESS_POINTS
    mounts = MOUNTS

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return where the releases are mounted, and the bucket for what Airflow makes of them."""
        bucket = {CODE_BUCKET_VARIABLE: stack.parameter(values.CODE_BUCKET)} if self._reports else {}
        return {RELEASES_VARIABLE: f"{AIRFLOW_HOME}/{RELEASES_FOLDER}", **bucket}

    @property
    def _reports(self) -> bool:
        """Whether the bucket may hold a report: CloudFormation could not delete it with an environment of its own."""
        return self.env.ttl is None

    def write_permissions(self, source: str) -> Iterator[Permission]:
        """Yield the right to mount the code, to mount the logs to write, and to report a release."""
        yield mount(source, [MOUNTS[RELEASES_FOLDER]], write=False)
        yield mount(source, [MOUNTS["logs"]], write=True)
        if self._reports:
            yield from report_permissions(self.env, source)

    def read_permissions(self, source: str) -> Iterator[Permission]:
        """Yield the right to mount code and logs to read."""
        yield mount(source, MOUNTS.values(), write=False)

    def task_permissions(self) -> Iterator[Permission]:
        """Yield what the sync task may do."""
        releases = read_releases(SYNC)
        yield releases
        yield from key_permissions(self.env, SYNC, [releases])
        yield mount(SYNC, [ACCESS_POINTS[folder] for folder in CODE_FOLDERS], write=True)

    def build(self, stack: StackBuilder, execution_role: GetAtt) -> None:
        """Add the sync task and its role, the only one that may write code."""
        description = "What the sync task may do in AWS: read the bucket, write code to the file system"
        role = add_task_role(stack, "SyncRole", description, self.task_permissions())
        task = stack.add(
            fargate_task(
                self.env,
                FargateTask(
                    logical_id=values.SYNC_TASK_DEFINITION.title,
                    size=SYNC_SIZE,
                    container=_container(self.env, stack),
                    volumes=[volume(stack, folder, stack.parameter(ACCESS_POINTS[folder])) for folder in CODE_FOLDERS],
                    execution_role=execution_role,
                    task_role=role,
                ),
            ),
            "Lays the current release on the file system",
        )
        stack.output(values.SYNC_TASK_DEFINITION, task.ref())


def _container(env: Environment, stack: StackBuilder) -> ContainerDefinition:
    kept = f"{env.code.keep} {env.code.keep_days}"
    variables = {
        "PYTHONDONTWRITEBYTECODE": "1",
        CODE_BUCKET_VARIABLE: stack.parameter(values.CODE_BUCKET),
        RELEASES_VARIABLE: SYNC_RELEASES_FOLDER,
    }
    return ContainerDefinition(
        Name=SYNC,
        Image=stack.parameter(values.IMAGE),
        Essential=True,
        User=AIRFLOW_OWNER,
        Command=["bash", "-c", f"exec {SYNC_RELEASES} {kept} {' '.join(SYNC_FORMER_FOLDERS)}"],
        Environment=[Variable(Name=key, Value=value) for key, value in variables.items()],
        MountPoints=[mount_point(directory, SYNC_HOME, read_only=False) for directory in CODE_FOLDERS],
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, SYNC, BLOCKING),
    )
