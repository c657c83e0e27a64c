"""Collects what AWS and the processes said: stack events, events of services, ends of tasks, and log lines."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from compiler.contract import AIRFLOW, COMMAND, WORKER, worker_family
from deployer.access.log_entries import read_entry
from deployer.aws.ecs import Service, Task
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Event
from deployer.diagnosis.evidence import Source, Statement
from deployer.progress import StackEvent
from deployer.stacks.failure_cause import failed_tasks, last_lines, root_cause
from deployer.stacks.outputs import Outputs
from spec.environment import Environment

_LINES = 200
"""So many lines of the newest task of a process are read."""
_STARTS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})
_STEADY = "has reached a steady state"
_OF_SERVICE = "service:"


def of_last_operation(session: Session, stack_id: str) -> Iterator[Statement]:
    """Yield why the last operation on a stack failed, if it did: the first reason of its own."""
    if cause := root_cause(_failures(session, stack_id, "", None)):
        yield Statement(Source.EVENT, cause.path, f"{cause.type}: {cause.reason or cause.status}")


def of_service(session: Session, cluster: str, about: str, service: Service) -> Iterator[Statement]:
    """Yield what ECS says of a service since it was steady, and why its newest failed task has failed."""
    for event in service.events:
        if _STEADY in event:
            break
        yield Statement(Source.SERVICE, about, event)
    for task in failed_tasks(session, cluster, service.name)[:1]:
        yield from _of_task(session, task, about)


def of_running(session: Session, cluster: str, about: str, service: str) -> Iterator[Statement]:
    """Yield what the running task of a service has printed, the newest first."""
    arns = session.ecs.task_arns(cluster, service=service)
    for task in session.ecs.tasks(cluster, arns)[:1]:
        yield from _logged(session, task, about)


def of_one_off_tasks(session: Session, env: Environment, outputs: Outputs) -> Iterator[Statement]:
    """Yield why the newest task of each definition that no service runs has failed, if it did."""
    tasks = session.ecs.tasks(outputs.cluster, session.ecs.task_arns(outputs.cluster, status="STOPPED"))
    own = [task for task in tasks if not task.group.startswith(_OF_SERVICE)]
    newest = {task.definition: task for task in sorted(own, key=lambda task: task.created)}
    for task in newest.values():
        if task.stop_code == "TaskFailedToStart" or any(container.exit_code for container in task.containers):
            yield from _of_task(session, task, _name_of(env, task))


def _failures(session: Session, stack_id: str, path: str, since: datetime | None) -> Iterator[StackEvent]:
    """Yield what failed in the last operation, oldest first; `since` is its beginning, where that is known."""
    events = list(_of_operation(session.cloudformation.events(stack_id), since))
    for event in reversed(events):
        if event.is_stack or not event.status.endswith("_FAILED"):
            continue
        own = f"{path}/{event.logical_id}" if path else event.logical_id
        if event.type == STACK_TYPE and event.physical_id:
            yield from _failures(session, event.physical_id, own, events[-1].time)
        yield StackEvent(path=own, type=event.type, status=event.status, reason=event.reason, time=event.time)


def _of_operation(events: Iterable[Event], since: datetime | None) -> Iterator[Event]:
    for event in events:
        if since and event.time < since:
            return
        yield event
        if since is None and event.is_stack and event.status in _STARTS:
            return


def _of_task(session: Session, task: Task, about: str) -> Iterator[Statement]:
    if task.stopped_reason:
        yield Statement(Source.TASK, about, task.stopped_reason)
    for container in task.containers:
        if container.exit_code or container.reason:
            code = f"exited with {container.exit_code}" if container.exit_code is not None else "never started"
            yield Statement(Source.TASK, about, f"container {container.name} {code}: {container.reason}".rstrip(": "))
    if task.status != "STOPPED" and task.health == "UNHEALTHY":
        yield Statement(Source.TASK, about, "its health check fails")
    yield from _logged(session, task, about)


def _logged(session: Session, task: Task, about: str) -> Iterator[Statement]:
    for container in task.containers:
        for line in reversed(last_lines(session, task, container.name, _LINES)):
            entry = read_entry(about, 0.0, line)
            yield Statement(Source.LOG, about, f"{entry.message}\n{entry.traceback}".strip())


def _name_of(env: Environment, task: Task) -> str:
    if f"/{worker_family(env)}:" in task.definition:
        return WORKER
    names = [container.name for container in task.containers]
    return COMMAND if AIRFLOW in names else next(iter(names), COMMAND)
