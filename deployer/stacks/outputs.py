"""The root stack's outputs under the names that the deployer uses."""

from collections.abc import Mapping
from dataclasses import dataclass

from compiler.resources.processes import DATABASE
from deployer.aws.stacks import Stack

AIRFLOW = "airflow"
"""Name of the container that runs Airflow, in every task definition but that of the sync task."""

SYNC = "sync"
"""Name of the container of the sync task."""


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Where the parts of a deployed environment are; `services` maps processes to service names.

    `database` is what keeps its data, an instance or an access point of the file system, and empty where nothing does;
    `database_service` is empty unless it is a container. `url` and `target_group` are empty without a load balancer.
    """

    stack_id: str
    airflow_version: str
    protect: bool
    url: str
    target_group: str
    cluster: str
    repository_uri: str
    code_bucket: str
    state_parameter: str
    file_system: str
    database: str
    database_service: str
    admin_secret: str
    command_task: str
    sync_task: str
    subnets: tuple[str, ...]
    command_group: str
    sync_group: str
    services: Mapping[str, str]
    log_groups: Mapping[str, str]

    @property
    def all_services(self) -> Mapping[str, str]:
        """The processes' services and, if there is one, the database's."""
        return {**({DATABASE: self.database_service} if self.database_service else {}), **self.services}


def read_outputs(stack: Stack) -> Outputs:
    """Return the outputs of a root stack that is complete."""
    given = stack.outputs
    services = _by_process(given, "Service")
    return Outputs(
        stack_id=stack.id,
        airflow_version=given["AirflowVersion"],
        protect=given["Protect"] == "true",
        url=given.get("Url", ""),
        target_group=given.get("TargetGroupArn", ""),
        cluster=given["ClusterName"],
        repository_uri=given["RepositoryUri"],
        code_bucket=given["CodeBucket"],
        state_parameter=given.get("Marker", ""),  # which stacks lack that were deployed before there was one
        file_system=given["FileSystemId"],
        database=given.get("DatabaseInstance") or given.get("DatabaseAccessPoint", ""),
        database_service=services.pop(DATABASE, ""),
        admin_secret=given["AdminPasswordSecret"],
        command_task=given["CommandTaskDefinition"],
        sync_task=given["SyncTaskDefinition"],
        subnets=tuple(given["TaskSubnets"].split(",")),
        command_group=given["CommandSecurityGroup"],
        sync_group=given["SyncSecurityGroup"],
        services=services,
        log_groups=_by_process(given, "LogGroup"),
    )


def snake(name: str) -> str:
    """Return a CloudFormation spelling as the YAML has it: `DagProcessor` becomes `dag_processor`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")


def _by_process(given: Mapping[str, str], suffix: str) -> dict[str, str]:
    return {snake(key.removesuffix(suffix)): value for key, value in given.items() if key.endswith(suffix)}
