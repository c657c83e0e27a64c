"""ECS services, tasks and task definitions, as frozen values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_ecs.literals import DesiredStatusType
    from mypy_boto3_ecs.type_defs import ContainerOverrideTypeDef, ServiceTypeDef, TaskTypeDef

_SERVICES_PER_CALL = 10
_TASKS_PER_CALL = 100
_DEFINITIONS_PER_CALL = 10
_EVENTS = 10
"""So many of a service's events are read; ECS keeps a hundred."""
_ABSENT = frozenset({"ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException"})
_ANSWERED_ONLY = frozenset(
    {"compatibilities", "deregisteredAt", "registeredAt", "registeredBy", "requiresAttributes"}
    | {"revision", "status", "taskDefinitionArn"}
)
"""What DescribeTaskDefinition answers but RegisterTaskDefinition does not take."""


@dataclass(frozen=True)
class TaskNetwork:
    """Where a one-off task runs: its subnets, its security group, and whether it gets a public address."""

    subnets: tuple[str, ...]
    security_group: str
    public_address: bool


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container of a task; `exit_code` is None while it runs and when it never started."""

    name: str
    status: str
    exit_code: int | None
    reason: str
    health: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task as it is now; `desired` is the status that ECS wants of it, `created` in seconds since 1970."""

    arn: str
    definition: str
    status: str
    health: str
    stop_code: str
    stopped_reason: str
    group: str
    containers: tuple[Container, ...]
    desired: str = ""
    created: float = 0.0

    @property
    def id(self) -> str:
        """The last part of the ARN, which also names the task's log streams."""
        return self.arn.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service as it is now; `rollout` is the state of its newest deployment, `older` the tasks of older ones.

    `events` are what ECS says of it, the newest first.
    """

    name: str
    status: str
    desired: int
    running: int
    pending: int
    rollout: str
    older: int
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ecs:
    """ECS in one region."""

    client: ECSClient

    def services(self, cluster: str, names: Sequence[str]) -> tuple[Service, ...]:
        """Return the named services that exist, in the order of `names`."""
        found: dict[str, Service] = {}
        for start in range(0, len(names), _SERVICES_PER_CALL):
            batch = names[start : start + _SERVICES_PER_CALL]
            try:
                answer = self.client.describe_services(cluster=cluster, services=list(batch))
            except AwsRefusal as error:
                if error.code in _ABSENT:
                    return ()
                raise
            found |= {service["serviceName"]: _service(service) for service in answer["services"]}
        return tuple(found[name] for name in names if name in found)

    def scale(self, cluster: str, service: str, desired: int) -> None:
        """Set the desired count; a service that is gone already is no error."""
        try:
            self.client.update_service(cluster=cluster, service=service, desiredCount=desired)
        except AwsRefusal as error:
            if error.code not in _ABSENT:
                raise

    def redeploy(self, cluster: str, service: str) -> None:
        """Replace the tasks of a service by new ones of the same task definition."""
        self.client.update_service(cluster=cluster, service=service, forceNewDeployment=True)

    def task_arns(
        self,
        cluster: str,
        *,
        service: str | None = None,
        status: DesiredStatusType = "RUNNING",
    ) -> tuple[str, ...]:
        """Return the tasks whose desired status is `status`; none when there is no such cluster."""
        only: dict[str, Any] = {"serviceName": service} if service else {}
        pages = self.client.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus=status, **only)
        try:
            return tuple(arn for page in pages for arn in page["taskArns"])
        except AwsRefusal as error:
            if error.code in _ABSENT:
                return ()
            raise

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """Return those of the tasks that ECS still remembers."""
        found: list[Task] = []
        for start in range(0, len(arns), _TASKS_PER_CALL):
            answer = self.client.describe_tasks(cluster=cluster, tasks=list(arns[start : start + _TASKS_PER_CALL]))
            found += [_task(task) for task in answer["tasks"]]
        return tuple(found)

    def run(
        self,
        cluster: str,
        task_definition: str,
        *,
        network: TaskNetwork,
        token: str,
        started_by: str,
        command: tuple[str, Sequence[str]] | None = None,
        by_exec: bool = False,
    ) -> str:
        """Start one task and return its ARN; `command` is a container and what it runs.

        `by_exec` lets people in by ECS Exec. The same `token` with the same arguments starts no second task. Raises
        `AwsRefusal` with the failure's reason as `code` when ECS answers but starts nothing.
        """
        own: list[ContainerOverrideTypeDef] = [{"name": command[0], "command": [*command[1]]}] if command else []
        answer = self.client.run_task(
            cluster=cluster,
            taskDefinition=task_definition,
            launchType="FARGATE",
            count=1,
            clientToken=token,
            startedBy=started_by,
            propagateTags="TASK_DEFINITION",
            enableECSManagedTags=True,
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": list(network.subnets),
                    "securityGroups": [network.security_group],
                    "assignPublicIp": "ENABLED" if network.public_address else "DISABLED",
                }
            },
            overrides={"containerOverrides": own},
            enableExecuteCommand=by_exec,
        )
        if answer["tasks"]:
            return answer["tasks"][0]["taskArn"]
        failure = answer["failures"][0] if answer["failures"] else {}
        reason = failure.get("reason", "no reason given")
        raise AwsRefusal(
            "ECS did not start the task.", why=f"{reason} {failure.get('detail', '')}".strip(), code=reason
        )

    def stop(self, cluster: str, task: str, reason: str) -> None:
        """Ask a task to stop; one that is gone already is no error."""
        try:
            self.client.stop_task(cluster=cluster, task=task, reason=reason)
        except AwsRefusal as error:
            if error.code not in _ABSENT | {"InvalidParameterException"}:
                raise

    def task_definition(self, name: str) -> Mapping[str, Any]:
        """Return a task definition by ARN, or the newest active one of a family."""
        found: Mapping[str, Any] = self.client.describe_task_definition(taskDefinition=name)["taskDefinition"]
        return found

    def register(self, definition: Mapping[str, Any]) -> str:
        """Register a task definition that was answered by `task_definition` and changed; return its ARN."""
        wanted = {key: value for key, value in definition.items() if key not in _ANSWERED_ONLY}
        return self.client.register_task_definition(**wanted)["taskDefinition"]["taskDefinitionArn"]

    def retire(self, families: Collection[str], keep: Collection[str] = ()) -> None:
        """Deregister every revision of these families but those to keep."""
        for arn in self._revisions(families, "ACTIVE"):
            if arn not in keep:
                self.client.deregister_task_definition(taskDefinition=arn)

    def forget(self, families: Collection[str]) -> Mapping[str, int]:
        """Deregister and delete every revision of these families; return how many there were of each that had some."""
        self.retire(families)
        doomed = self._revisions(families, "INACTIVE")
        for start in range(0, len(doomed), _DEFINITIONS_PER_CALL):
            self.client.delete_task_definitions(taskDefinitions=doomed[start : start + _DEFINITIONS_PER_CALL])
        return Counter(map(family_of, doomed))

    def _revisions(self, families: Collection[str], status: Any) -> list[str]:
        """Return the revisions of families; ECS lists by a prefix, so those of all that begin alike are read."""
        if not families:
            return []
        prefix = commonprefix([*families])  # noqa: RUF071  names, not paths
        pages = self.client.get_paginator("list_task_definitions").paginate(familyPrefix=prefix, status=status)
        return [arn for page in pages for arn in page["taskDefinitionArns"] if family_of(arn) in families]


def family_of(definition: str) -> str:
    """Return the family of a task definition, by its ARN."""
    return definition.rpartition("/")[2].rpartition(":")[0]


def _service(service: ServiceTypeDef) -> Service:
    primary = [deployment for deployment in service["deployments"] if deployment.get("status") == "PRIMARY"]
    others = [deployment for deployment in service["deployments"] if deployment.get("status") != "PRIMARY"]
    return Service(
        name=service["serviceName"],
        status=service["status"],
        desired=service["desiredCount"],
        running=service["runningCount"],
        pending=service["pendingCount"],
        rollout=primary[0].get("rolloutState", "") if primary else "",
        older=sum(deployment.get("runningCount", 0) + deployment.get("pendingCount", 0) for deployment in others),
        events=tuple(event.get("message", "") for event in service.get("events", [])[:_EVENTS]),
    )


def _task(task: TaskTypeDef) -> Task:
    containers = tuple(
        Container(
            name=entry.get("name", ""),
            status=entry.get("lastStatus", ""),
            exit_code=entry.get("exitCode"),
            reason=entry.get("reason", ""),
            health=entry.get("healthStatus", "UNKNOWN"),
        )
        for entry in task.get("containers", [])
    )
    return Task(
        arn=task["taskArn"],
        definition=task["taskDefinitionArn"],
        status=task["lastStatus"],
        health=task.get("healthStatus", "UNKNOWN"),
        stop_code=task.get("stopCode", ""),
        stopped_reason=task.get("stoppedReason", ""),
        group=task.get("group", ""),
        containers=containers,
        desired=task.get("desiredStatus", ""),
        created=task["createdAt"].timestamp() if "createdAt" in task else 0.0,
    )
