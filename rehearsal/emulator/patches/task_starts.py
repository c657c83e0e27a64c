"""A task starts only when its interface reaches what ECS needs first: registry, secrets, logs and file systems.

Sources: "Amazon ECS stopped tasks error messages", Amazon ECS Developer Guide
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html), and "Creating security
groups", Amazon EFS User Guide (https://docs.aws.amazon.com/efs/latest/ug/accessing-fs-create-security-groups.html).
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_region
from ministack.services import ecs, efs

from rehearsal.emulator.networking.interfaces import HTTPS, NFS, Flow, Placement
from rehearsal.emulator.networking.reachability import AWS_ADDRESS, End, Reachability
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.patches.task_placement import placement_of
from rehearsal.emulator.patches.vpc import Vpc

PRIVATE_REGISTRY = ".dkr.ecr."
SERVICES_OF_REGISTRY = ("ecr.api", "ecr.dkr", "s3")
"""What a pull from Amazon ECR needs. Source: "Amazon ECR interface VPC endpoints", Amazon ECR User Guide."""
NO_SECRETS = "ResourceInitializationError: unable to pull secrets or registry auth: "
NO_LOGS = (
    "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group "
    "defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your "
    "network configuration. signal: killed"
)
NO_FILES = (
    "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "
    "Mount attempt 1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. "
    "Mount attempt 2/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. "
    "b'mount.nfs4: mount system call failed' : unsuccessful EFS utils command execution; code: 32"
)
CONNECTION = "There is a connection issue between the task and {}. Check your task network configuration."
NO_REGISTRY = (
    f"{NO_SECRETS}The task cannot pull registry auth from Amazon ECR: {CONNECTION.format('Amazon ECR')} "
    "operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error "
    'StatusCode: 0, RequestID: , request send failed, Post "https://api.ecr.{region}.amazonaws.com/": '
    f"dial tcp {AWS_ADDRESS}:443: i/o timeout"
)
NO_SECRET = (
    f"{NO_SECRETS}unable to retrieve secret from asm: {CONNECTION.format('AWS Secrets Manager')} failed to fetch "
    "secret {secret} from secrets manager: operation error Secrets Manager: GetSecretValue, https response error "
    "StatusCode: 0, RequestID: , canceled, context deadline exceeded"
)
NO_PARAMETER = (
    f"{NO_SECRETS}unable to retrieve secrets from ssm: The task cannot pull secrets from AWS Systems Manager. "
    f"{CONNECTION.format('AWS Systems Manager Parameter Store')} RequestCanceled: request context canceled caused by: "
    "context deadline exceeded"
)


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a task must reach before it starts, and the reason with which ECS stops it when it does not."""

    what: str
    target: End
    flow: Flow
    obstacle: str
    reason: str


def apply(vpc: Vpc) -> None:
    """Look before a task starts, and stop it with the reason of ECS when it could not have started."""
    takes = "task td container_overrides docker_client"
    rebind(ecs, "_start_task_worker", lambda start: _checked(vpc, start), takes=takes)


def _checked(vpc: Vpc, start: Callable[..., Any]) -> Callable[..., Any]:
    def start_if_connected(task: dict[str, Any], definition: Mapping[str, Any], overrides: Any, docker: Any) -> Any:
        placement = placement_of(task)
        if placement is None:  # its containers have the network of an instance
            return start(task, definition, overrides, docker)
        needs = tuple(_needs(vpc.view(), placement, definition))
        missing = next((need for need in needs if need.obstacle), None)
        if missing is None:
            for need in needs:
                vpc.note(placement, need.target, need.flow)
            return start(task, definition, overrides, docker)
        vpc.record(f"task {task['taskArn'].rsplit('/', 1)[1]}", missing.what, missing.flow, missing.obstacle)
        return ecs._fail_task_start(task, docker, missing.reason)

    return start_if_connected


def _needs(view: Reachability, placement: Placement, definition: Mapping[str, Any]) -> Iterator[Need]:
    """Yield what a task must reach, in the order in which ECS does."""
    containers = definition.get("containerDefinitions") or ()
    for container in containers:
        yield from _registry(view, placement, container["image"])
    for service, origin in _secrets(containers).items():
        words = NO_SECRET.format(secret=origin) if service == "secretsmanager" else NO_PARAMETER
        yield _service_need(view, placement, service, words)
    if any((one.get("logConfiguration") or {}).get("logDriver") == "awslogs" for one in containers):
        yield _service_need(view, placement, "logs", NO_LOGS)
    for volume in definition.get("volumes") or ():
        if wanted := volume.get("efsVolumeConfiguration"):
            yield from _file_system(view, placement, wanted["fileSystemId"])


def _registry(view: Reachability, placement: Placement, image: str) -> Iterator[Need]:
    host = image.partition("/")[0]
    if PRIVATE_REGISTRY not in host:
        dial = f'failed to do request: Head "https://{host}/v2/": dial tcp {AWS_ADDRESS}:443: i/o timeout'
        words = f"The task cannot pull {image} from the registry {host}. {CONNECTION.format('the registry')}: {dial}"
        obstacle = view.obstacle(placement, AWS_ADDRESS, HTTPS)
        yield Need(
            what=host, target=AWS_ADDRESS, flow=HTTPS, obstacle=obstacle, reason=f"CannotPullContainerError: {words}"
        )
        return
    for service in SERVICES_OF_REGISTRY:
        yield _service_need(view, placement, service, NO_REGISTRY.format(region=get_region()))


def _secrets(containers: Any) -> Mapping[str, str]:
    """Return the services that hold the secrets of some containers, each with the first secret."""
    origins = [secret["valueFrom"] for container in containers for secret in container.get("secrets") or ()]
    by_service = {"secretsmanager" if ":secretsmanager:" in one else "ssm": one for one in reversed(origins)}
    return dict(sorted(by_service.items()))


def _service_need(view: Reachability, placement: Placement, service: str, reason: str) -> Need:
    obstacle = view.obstacle_to_service(placement, service)
    return Need(what=f"AWS ({service})", target=AWS_ADDRESS, flow=HTTPS, obstacle=obstacle, reason=reason)


def _file_system(view: Reachability, placement: Placement, file_system: str) -> Iterator[Need]:
    """Yield the need of the mount target in the zone of the task, or of any where that zone has none."""
    targets = [one for one in list(efs._mount_targets.values()) if one["FileSystemId"] == file_system]
    near = [one for one in targets if one["SubnetId"] == placement.subnet] or targets
    for target in near[:1]:
        mount = Placement(subnet=target["SubnetId"], groups=tuple(target["SecurityGroups"]))
        obstacle = view.obstacle(placement, mount, NFS)
        yield Need(what=f"file system {file_system}", target=mount, flow=NFS, obstacle=obstacle, reason=NO_FILES)
