"""The root stack's outputs under the names that the deployer uses."""

from collections.abc import Mapping
from dataclasses import dataclass

from compiler.contract import DATABASE, FETCH_RELEASE, PerProcess, RootOutput
from deployer.aws.stacks import Stack


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Where the parts of a deployed environment are; `services` maps processes to service names.

    `database` is what keeps its data, an instance or an access point of the file system, and empty where nothing does;
    `database_service` is empty unless it is a container, `external_database` unless somebody else made it.
    `url` and `target_group` are empty without a load balancer, `asleep_rule` also where nothing sleeps.
    `code_access_point` leads to the releases on the file system; it is empty where there are none.
    """

    stack_id: str
    airflow_version: str
    protect: bool
    url: str
    target_group: str
    asleep_rule: str
    cluster: str
    repository_uri: str
    code_bucket: str
    state_parameter: str
    file_system: str
    database: str
    database_service: str
    external_database: str
    admin_secret: str
    command_task: str
    sync_task: str
    code_access_point: str
    subnets: tuple[str, ...]
    command_group: str
    sync_group: str
    services: Mapping[str, str]
    log_groups: Mapping[str, str]

    @property
    def all_services(self) -> Mapping[str, str]:
        """The processes' services and, if there is one, the database's."""
        return {**({DATABASE: self.database_service} if self.database_service else {}), **self.services}

    @property
    def copies_files(self) -> bool:
        """Whether the sync task copies files, as that of an earlier Windsock does; one of today lays releases."""
        return bool(self.sync_task) and not self.code_access_point

    def in_airflow(self, script: str) -> str:
        """Return the script with what a container does first to have the code, where it does not mount it."""
        return script if self.copies_files else f"{FETCH_RELEASE} || exit\n{script}"


def read_outputs(stack: Stack) -> Outputs:
    """Return the outputs of a root stack that is complete."""
    given = stack.outputs
    services = PerProcess.SERVICE.among(given)
    return Outputs(
        stack_id=stack.id,
        airflow_version=given[RootOutput.AIRFLOW_VERSION],
        protect=given[RootOutput.PROTECT] == "true",
        url=given.get(RootOutput.URL, ""),
        target_group=given.get(RootOutput.TARGET_GROUP, ""),
        asleep_rule=given.get(RootOutput.ASLEEP_RULE, ""),
        cluster=given[RootOutput.CLUSTER],
        repository_uri=given[RootOutput.REPOSITORY_URI],
        code_bucket=given[RootOutput.CODE_BUCKET],
        state_parameter=given.get(RootOutput.DEPLOY_STATE, ""),  # older stacks have none
        file_system=given.get(RootOutput.FILE_SYSTEM, ""),
        database=given.get(RootOutput.DATABASE_INSTANCE) or given.get(RootOutput.DATABASE_ACCESS_POINT, ""),
        database_service=services.pop(DATABASE, ""),
        external_database=given.get(RootOutput.EXTERNAL_DATABASE, ""),
        admin_secret=given[RootOutput.ADMIN_PASSWORD],
        command_task=given[RootOutput.COMMAND_TASK_DEFINITION],
        sync_task=given.get(RootOutput.SYNC_TASK_DEFINITION, ""),
        code_access_point=given.get(RootOutput.CODE_ACCESS_POINT, ""),
        subnets=tuple(given[RootOutput.TASK_SUBNETS].split(",")),
        command_group=given[RootOutput.COMMAND_SECURITY_GROUP],
        sync_group=given.get(RootOutput.SYNC_SECURITY_GROUP, ""),
        services=services,
        log_groups=PerProcess.LOG_GROUP.among(given),
    )
