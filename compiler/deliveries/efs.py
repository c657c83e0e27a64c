"""The delivery `efs`: a one-off task copies the code from the bucket to the file system that containers mount."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from awacs.aws import Statement
from troposphere import GetAtt
from troposphere.ecs import ContainerDefinition, LinuxParameters
from troposphere.ecs import Environment as Variable

from compiler.contract import CODE_FOLDERS, CODE_PREFIX, SYNC, WEBSERVER_CONFIG
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.containers import AIRFLOW_OWNER, BLOCKING, log_configuration, mount_point, volume
from compiler.resources.fargate import FargateTask, fargate_task
from compiler.resources.permissions import mount, read_code
from compiler.resources.task_roles import add_task_role
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
"""The directories of the file system; a container mounts each through an access point of its own."""

SYNC_SIZE = Size.of(256, 512)
SYNC_HOME = "/mnt"

# Only with --exact-timestamps does the sync copy a changed file of the same size.
SYNC_SCRIPT = f"""\
set -euo pipefail
for folder in {" ".join(CODE_FOLDERS)}; do
  aws s3 sync "s3://$CODE_BUCKET/{CODE_PREFIX}$folder" "{SYNC_HOME}/$folder" \\
    --exact-timestamps --delete --exclude {WEBSERVER_CONFIG} --no-progress
done
aws s3 cp "s3://$CODE_BUCKET/{CODE_PREFIX}{WEBSERVER_CONFIG}" "{SYNC_HOME}/config/{WEBSERVER_CONFIG}" --no-progress
"""


@dataclass(frozen=True)
class EfsDelivery:
    """Directories of a file system."""

    env: Environment

    tasks = (SYNC,)
    access_points = ACCESS_POINTS

    def start(self, command: str, *, loads_dags: bool) -> str:  # noqa: ARG002  # other ways ask
        """Return the command: all is mounted."""
        return f"exec {command}"

    def refusals(self, _bucket: str) -> Iterator[Statement]:
        """Yield nothing: a push overwrites the files that changed."""
        return iter(())

    def variables(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return none: the release table names the directories."""
        return {}

    def write_permissions(self, source: str) -> Iterator[Permission]:
        """Yield the right to mount the code, and to mount the logs to write."""
        yield _mount(source, CODE_FOLDERS, write=False)
        yield _mount(source, ("logs",), write=True)

    def read_permissions(self, source: str) -> Iterator[Permission]:
        """Yield the right to mount code and logs to read."""
        yield _mount(source, ACCESS_POINTS, write=False)

    def task_permissions(self) -> Iterator[Permission]:
        """Yield what the sync task may do."""
        yield from read_code(SYNC, CODE_PREFIX)
        yield _mount(SYNC, CODE_FOLDERS, write=True)

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
                    container=_container(stack),
                    volumes=[volume(stack, folder, stack.parameter(ACCESS_POINTS[folder])) for folder in CODE_FOLDERS],
                    execution_role=execution_role,
                    task_role=role,
                ),
            ),
            "Copies code from the bucket to the file system",
        )
        stack.output(values.SYNC_TASK_DEFINITION, task.ref())


def _container(stack: StackBuilder) -> ContainerDefinition:
    return ContainerDefinition(
        Name=SYNC,
        Image=stack.parameter(values.SYNC_IMAGE),
        Essential=True,
        User=AIRFLOW_OWNER,  # the owner of the files may set the times that the next sync compares
        EntryPoint=["/bin/bash", "-c"],
        Command=[SYNC_SCRIPT],
        Environment=[Variable(Name="CODE_BUCKET", Value=stack.parameter(values.CODE_BUCKET))],
        MountPoints=[mount_point(directory, SYNC_HOME, read_only=False) for directory in CODE_FOLDERS],
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, SYNC, BLOCKING),
    )


def _mount(source: str, directories: Iterable[str], *, write: bool) -> Permission:
    return mount(source, [ACCESS_POINTS[directory] for directory in directories], write=write)
