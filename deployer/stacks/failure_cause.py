"""Says why an operation or a task failed: the first specific reason, the guilty container and its last lines."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from deployer.aws.ecs import Container, Task
from deployer.aws.errors import AwsRefusal
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE
from deployer.progress import StackEvent

TAIL = 30
"""Log lines shown of a guilty container."""

_CASCADES = ("cancelled", "The following resource(s) failed", "Embedded stack")
_SERVICE_TYPE = "AWS::ECS::Service"
_GAVE_WAY = "Scaling activity initiated by"
"""Source: "Stopped task error messages", Amazon ECS Developer Guide,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"""


def root_cause(events: Iterable[StackEvent]) -> StackEvent | None:
    """Return the first failure with a reason of its own; later ones and those of stacks are its consequences.

    What happened first need not have been seen first: each look reads one nested stack after the other.
    """
    failures = sorted((event for event in events if event.status.endswith("_FAILED")), key=attrgetter("time"))
    own = [event for event in failures if event.type != STACK_TYPE and not _is_cascade(event)]
    return next(iter(own), None) or next((event for event in failures if not _is_cascade(event)), None)


def explain_failure(session: Session, event: StackEvent, stack_id: str) -> str:
    """Say in some lines what failed in a stack; for an ECS service also what its stopped tasks say."""
    lines = [f"{event.path or 'The stack'} ({event.type}): {event.reason or event.status}"]
    if event.type == _SERVICE_TYPE:
        arns = [
            resource.physical_id
            for resource in session.cloudformation.resources(stack_id)
            if resource.logical_id == event.path.rpartition("/")[2] and resource.physical_id
        ]
        for arn in arns:
            _, cluster, service = arn.split("/")
            lines += explain_service(session, cluster, service)
    return "\n".join(lines)


def explain_service(session: Session, cluster: str, service: str) -> Iterator[str]:
    """Say why the newest task of a service that failed has stopped, or what a running but unhealthy one prints."""
    for task in failed_tasks(session, cluster, service)[:1]:
        yield from explain_task(session, task)


def failed_tasks(session: Session, cluster: str, service: str) -> tuple[Task, ...]:
    """Return the tasks of a service that stopped by themselves or are not healthy, the newest first.

    A task that gave way to a newer one, or to a smaller count, has not failed: ECS says so of it.
    """
    ended = session.ecs.task_arns(cluster, service=service, status="STOPPED")
    living = session.ecs.task_arns(cluster, service=service)
    failed = [
        task
        for task in session.ecs.tasks(cluster, tuple(dict.fromkeys((*ended, *living))))
        if (not task.stopped_reason.startswith(_GAVE_WAY) if task.arn in ended else task.health != "HEALTHY")
    ]
    return tuple(sorted(failed, key=lambda task: task.created, reverse=True))


def explain_task(session: Session, task: Task, name: str | None = None) -> Iterator[str]:
    """Say why a task ended, and the last lines of its guilty container (or of the one called `name`)."""
    guilty = _guilty(task, name)
    ended = f"Task {task.id} is {task.status}" + (f": {task.stopped_reason}" if task.stopped_reason else "")
    yield f"{ended} ({task.stop_code})" if task.stop_code else ended
    if guilty is None:
        return
    code = "has not ended" if guilty.exit_code is None else f"exited with {guilty.exit_code}"
    yield f"Container {guilty.name} {code}" + (f": {guilty.reason}" if guilty.reason else "")
    lines = last_lines(session, task, guilty.name)
    yield from (f"Its last {len(lines)} lines:", *(f"  {line}" for line in lines)) if lines else ()


def last_lines(session: Session, task: Task, container: str, most: int = TAIL) -> tuple[str, ...]:
    """Return the last log lines of a container, `most` of them; none when it logs elsewhere or never started."""
    try:
        definition = session.ecs.task_definition(task.definition)
    except AwsRefusal:
        return ()  # a deleted definition takes the name of its log group with it; the reason is still worth showing
    for entry in definition["containerDefinitions"]:
        options = entry.get("logConfiguration", {}).get("options", {})
        if entry["name"] == container and "awslogs-group" in options:
            stream = f"{options.get('awslogs-stream-prefix', '')}/{container}/{task.id}"
            return session.logs.tail(options["awslogs-group"], stream, most)
    return ()


def _is_cascade(event: StackEvent) -> bool:
    return not event.reason or any(text in event.reason for text in _CASCADES)


def _guilty(task: Task, name: str | None) -> Container | None:
    named = [container for container in task.containers if container.name == name]
    failed = [container for container in task.containers if container.exit_code or container.reason]
    return next(iter((*named, *failed, *task.containers)), None)
