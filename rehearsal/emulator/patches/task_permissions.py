"""Tasks start with the rights of their roles: images, secrets and logs by the execution role, mounts by the task role.

Sources: "Amazon ECS task execution IAM role" and "Stopped tasks error messages", Amazon ECS Developer Guide; "Using IAM
to control file system data access", Amazon EFS User Guide.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.services import ecs, secretsmanager

from rehearsal.emulator.containers.engine import CannotPullError
from rehearsal.emulator.iam import key_use
from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.iam.decisions import AccessDeniedError
from rehearsal.emulator.iam.passed_roles import TASKS
from rehearsal.emulator.iam.principals import Principal, trusts
from rehearsal.emulator.iam.requirements import Requirement
from rehearsal.emulator.iam.state import MiniStackState
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules.settings import Settings

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
DENIED = (
    "operation error {operation}, https response error StatusCode: 400, "
    "RequestID: 00000000-0000-0000-0000-000000000000, api error AccessDeniedException: {denied}"
)
OPERATIONS = {
    "secretsmanager:GetSecretValue": "Secrets Manager: GetSecretValue",
    "ssm:GetParameters": "SSM: GetParameters",
}
WORKER = "task td container_overrides docker_client"
FORWARDER = "container cdef task_id"
ACCESS_POINT_ARN = "elasticfilesystem:accesspointarn"
THROUGH_TARGET = {"elasticfilesystem:accessedviamounttarget": "true", "aws:securetransport": "true"}

_REPOSITORY = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com[^/]*/(?P<name>[^@:]+)")

Definition = Mapping[str, Any]
"""MiniStack's record of a task definition, or of one of its containers."""


class TaskPermissions:
    """Checks what tasks do at their start."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self._settings = settings
        self._access = access
        self._state = MiniStackState()

    def apply(self) -> None:
        """Check a task before its first container starts, and each container before its log lines are sent."""
        rebind(ecs, "_start_task_worker", self._permitted, takes=WORKER)
        rebind(ecs, "_start_awslogs_forwarder", self._permitted_logs, takes=FORWARDER)

    def may_mount(self, task_arn: str, definition: Definition, volume: Mapping[str, Any], *, write: bool) -> bool:
        """Return whether a task may write to a volume of EFS; False when it does not want to.

        Raises:
            ValueError: it may not even mount it; in the words of ECS.
        """
        wanted = volume["efsVolumeConfiguration"]
        options = wanted.get("authorizationConfig") or {}
        role = role_of(ecs._tasks.get(task_arn) or {}, definition, "taskRoleArn")
        if options.get("iam") != "ENABLED":
            return write
        keys = {**THROUGH_TARGET}
        if point := options.get("accessPointId"):
            keys[ACCESS_POINT_ARN] = f"arn:aws:elasticfilesystem:{self._here}:access-point/{point}"
        resource = f"arn:aws:elasticfilesystem:{self._here}:file-system/{wanted['fileSystemId']}"
        mounting, writing = (
            Requirement(action=f"elasticfilesystem:{action}", resource=resource, keys=keys)
            for action in ("ClientMount", "ClientWrite")
        )
        principal = self._access.principals.of_role(role, _id_of(task_arn)) if role else None
        if principal is None:
            raise ValueError(_not_mounted("no task role"))
        try:
            self._access.decisions.require(principal, mounting)
        except AccessDeniedError as denied:
            raise ValueError(_not_mounted(str(denied))) from denied
        return write and self._access.decisions.allows(principal, writing)

    @property
    def _here(self) -> str:
        return f"{self._settings.region}:{self._settings.account}"

    def _permitted(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def start_permitted(task: Any, td: Any, container_overrides: Any, docker_client: Any) -> Any:
            self._require_trust(task, td)
            execution = role_of(task, td, "executionRoleArn")
            principal = self._access.principals.of_role(execution, _id_of(task["taskArn"])) if execution else None
            for container in td.get("containerDefinitions", []):
                self._require_image(principal, container)
                self._require_secrets(principal, container)
                self._require_log_stream(principal, container, _id_of(task["taskArn"]))
            return start(task, td, container_overrides, docker_client)

        return start_permitted

    def _require_trust(self, task: Any, definition: Definition) -> None:
        keys = {"aws:SourceArn": task["taskArn"], "aws:SourceAccount": self._settings.account}
        for kind in ("executionRoleArn", "taskRoleArn"):
            role = role_of(task, definition, kind)
            if role and not trusts(role, TASKS, keys):
                raise CannotAssumeError(
                    f"ECS was unable to assume the role '{role}' that was provided for this task. Please verify that "
                    "the role being passed has the proper trust relationship and permissions and that your IAM user "
                    "has permissions to pass this role."
                )

    def _require_image(self, principal: Principal | None, container: Definition) -> None:
        match = _REPOSITORY.match(container["image"])
        if match is None:
            return
        try:
            self._require(principal, Requirement(action="ecr:GetAuthorizationToken"))
        except AccessDeniedError as denied:
            reason = "unable to retrieve ecr registry auth: service call has been retried 1 time(s)"
            failed = DENIED.format(operation="ECR: GetAuthorizationToken", denied=denied)
            raise ecs._SecretResolutionError(f"{reason}: {failed}") from denied
        arn = f"arn:aws:ecr:{match['region']}:{match['account']}:repository/{match['name']}"
        try:
            for action in PULL:
                self._require(principal, Requirement(action=action, resource=arn))
        except AccessDeniedError as denied:
            reason = f"pull image manifest has been retried 1 time(s): failed to resolve ref {container['image']}"
            raise CannotPullError(f"{reason}: unexpected status: 403 Forbidden: {denied}") from denied

    def _require_secrets(self, principal: Principal | None, container: Definition) -> None:
        try:
            for action, arn in _secrets_of(container, self._here):
                self._require(principal, Requirement(action=action, resource=arn))
                key = self._state.key_of(arn)
                for requirement in key_use.of_action(action, key, self._settings.region, self._state):
                    self._require(principal, requirement)
        except AccessDeniedError as denied:
            store = "SSM" if denied.requirement.action.startswith("ssm") else "secrets manager"
            reason = (
                "unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret"
            )
            where = f"{reason} {denied.requirement.resource} from {store}"
            operation = OPERATIONS.get(denied.requirement.action, OPERATIONS["secretsmanager:GetSecretValue"])
            failed = DENIED.format(operation=operation, denied=denied)
            raise ecs._SecretResolutionError(f"{where}: {failed}") from denied

    def _require_log_stream(self, principal: Principal | None, container: Definition, task: str) -> None:
        stream = self._log_stream(container, task)
        if stream is None:
            return
        try:
            self._require(principal, Requirement(action="logs:CreateLogStream", resource=stream))
        except AccessDeniedError as denied:
            reason = (
                "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch"
            )
            raise ValueError(f"{reason} log stream: AccessDeniedException: {denied}") from denied

    def _log_stream(self, container: Definition, task: str) -> str | None:
        driver = container.get("logConfiguration") or {}
        if driver.get("logDriver") != "awslogs":
            return None
        options = driver.get("options") or {}
        stream = "/".join(filter(None, (options.get("awslogs-stream-prefix"), container["name"], task)))
        return f"arn:aws:logs:{self._here}:log-group:{options.get('awslogs-group')}:log-stream:{stream}"

    def _permitted_logs(self, forward: Callable[..., Any]) -> Callable[..., Any]:
        """Send the log lines of a container only if its execution role may; ECS drops them without a word."""

        def forward_permitted(container: Any, cdef: Any, task_id: str) -> Any:
            stream = self._log_stream(cdef, task_id)
            found = (one for arn, one in list(ecs._tasks.items()) if _id_of(arn) == task_id)
            task: Mapping[str, Any] = next(found, {})
            definition = ecs._task_defs.get(ecs._resolve_td_key(task.get("taskDefinitionArn", ""))) or {}
            role = role_of(task, definition, "executionRoleArn")
            principal = self._access.principals.of_role(role, task_id) if role else None
            if stream is None:
                return forward(container, cdef, task_id)
            try:
                self._require(principal, Requirement(action="logs:PutLogEvents", resource=stream))
            except AccessDeniedError:
                return None
            return forward(container, cdef, task_id)

        return forward_permitted

    def _require(self, principal: Principal | None, requirement: Requirement) -> None:
        """Check a right of an execution role.

        Raises:
            AccessDeniedError: it has not got it, or there is no such role.
        """
        if principal is None:
            raise AccessDeniedError(requirement, f"no execution role may perform {requirement.action}")
        self._access.decisions.require(principal, requirement)


class CannotAssumeError(Exception):
    """ECS cannot assume a role of a task."""


def role_of(task: Mapping[str, Any], definition: Definition, kind: str) -> str:
    """Return the role of a task: by the overrides of its start, or by its definition; empty when it has none."""
    return str((task.get("overrides") or {}).get(kind) or definition.get(kind) or "")


def _secrets_of(container: Definition, here: str) -> Iterator[tuple[str, str]]:
    """Yield the action and the ARN for each secret that ECS reads for a container."""
    for secret in container.get("secrets") or ():
        given = str(secret["valueFrom"])
        if ":secretsmanager:" in given:
            yield "secretsmanager:GetSecretValue", _whole_arn(":".join(given.split(":")[:7]))
        else:
            yield (
                "ssm:GetParameters",
                given if ":ssm:" in given else f"arn:aws:ssm:{here}:parameter/{given.lstrip('/')}",
            )


def _whole_arn(arn: str) -> str:
    """Return the ARN of the secret that a task definition names, maybe without its end: policies have the whole one."""
    _, secret = secretsmanager._resolve(arn, use_arn_scope=True)
    return str(secret["ARN"]) if secret else arn


def _not_mounted(reason: str) -> str:
    what = (
        "failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while"
    )
    return f"{what} mounting 127.0.0.1:/': {reason}"


def _id_of(arn: str) -> str:
    return arn.rpartition("/")[2]
