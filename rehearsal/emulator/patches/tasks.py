"""ECS tasks are process trees: started by our engine, stopped politely and side by side, and honest about it."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from contextvars import ContextVar
from typing import Any

from ministack.core.concurrency import resource_lock, spawn_background
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, ecs, ecs_metadata

from rehearsal.emulator.containers.container import Container, health_command
from rehearsal.emulator.containers.engine import LABEL_TASK, CannotPullError, Engine
from rehearsal.emulator.patches import file_systems
from rehearsal.emulator.patches.docker import Docker
from rehearsal.emulator.rules import health

SCHEDULER = "ServiceSchedulerInitiated"
SCHEDULER_REASONS = frozenset(
    {
        "Service scaling down",
        "Service deleted",
        "Deployment completed",
        "Task definition updated",
        "Deployment capacity limit",
    }
)
"""Reasons MiniStack's own scheduler gives to StopTask; everything else is a person's."""

OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"
SPELLINGS = {"Essential container exited": "Essential container in task exited"}
"""Reasons that AWS words otherwise. Source: "Stopped tasks error messages", Amazon ECS Developer Guide."""

_ending: ContextVar[str] = ContextVar("task that is being marked as stopped", default="")


def apply(engine: Engine) -> None:
    """Put the engine where MiniStack expects Docker, and our stop where it expects its own."""
    docker = Docker(engine)
    ecs._get_docker = lambda: docker
    ecs._ImagePullError = CannotPullError
    ecs._stop_task = ecs._ACTION_MAP["StopTask"] = lambda request: _stop_task(request, engine)
    ecs._cleanup_task_resources = lambda task, *_: _clean_up(task, engine)
    engine.on_health = lambda container: note_health(container, engine)
    _let_ending_tasks_be_marked()
    _say_why_as_aws_does(engine)
    _hand_over_the_definition(engine)


def _let_ending_tasks_be_marked() -> None:
    """A task whose end was asked for counts as inactive, except for the one who reports its end."""
    is_active = ecs._task_is_active

    def active_or_ending(arn: str, task: dict[str, Any]) -> bool:
        return bool(is_active(arn, task)) or (_ending.get() == arn and task["lastStatus"] != "STOPPED")

    ecs._task_is_active = active_or_ending


def _say_why_as_aws_does(engine: Engine) -> None:
    """A container that was killed for its memory says so, and its task too; an ordinary end has the words of AWS."""
    mark_stopped = ecs._mark_task_stopped

    def mark(arn: str, task: dict[str, Any], reason: str, *rest: Any, **more: Any) -> Any:
        # As of Docker's OOMKilled: the container has this reason even when it outlived the process that was killed.
        short = {one.order.name: one.exit_code for one in engine.of_task(_task_id(task)) if one.out_of_memory}
        for part in task["containers"]:
            if part["name"] in short:
                part["reason"] = OUT_OF_MEMORY
        said = OUT_OF_MEMORY if any(short.values()) else SPELLINGS.get(reason, reason)
        return mark_stopped(arn, task, said, *rest, **more)

    ecs._mark_task_stopped = mark


def _hand_over_the_definition(engine: Engine) -> None:
    """Docker's arguments leave out most of a container definition; our engine wants all of it."""
    build = ecs._build_run_kwargs

    def build_with_definition(container: Any, definition: Any, *rest: Any, **more: Any) -> dict[str, Any]:
        _require_log_group(container)
        arguments = build(container, definition, *rest, **more)
        arguments.pop("platform", None)
        mounts = file_systems.mounts(definition, container, engine.settings)
        own = {"definition": container, "mounts": mounts, "task_role": definition.get("taskRoleArn")}
        return {**arguments, **own, "memory": _memory(arguments["labels"][LABEL_TASK])}

    ecs._build_run_kwargs = build_with_definition
    ecs._docker_binds_from_taskdef = lambda *_: []


def _memory(arn: str) -> int:
    """MiB that a task may use: what it was started with, or what its definition says."""
    task = ecs._tasks.get(arn) or {}
    return int((task.get("overrides") or {}).get("memory") or task.get("memory") or 0)


def _require_log_group(container: dict[str, Any]) -> None:
    """Without its log group a task does not start on Fargate; MiniStack only shrugs."""
    driver = container.get("logConfiguration") or {}
    options = driver.get("options") or {}
    group = options.get("awslogs-group")
    if driver.get("logDriver") != "awslogs" or options.get("awslogs-create-group") == "true":
        return
    if group not in cloudwatch_logs._log_groups:
        raise ValueError(
            "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log "
            f"stream: ResourceNotFoundException: The specified log group does not exist. ({group})"
        )


def _stop_task(request: dict[str, Any], engine: Engine) -> Any:
    """The API call StopTask: answers at once, the processes get their stopTimeout, then the task is STOPPED."""
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    task = ecs._resolve_task(request.get("task", ""), cluster) if cluster else None
    if task is None:
        return ecs.error_response_json("InvalidParameterException", "The referenced task was not found.", 400)
    reason = request.get("reason") or "Task stopped by user"
    begin_stop(task, reason, SCHEDULER if reason in SCHEDULER_REASONS else "UserInitiated", engine)
    return ecs.json_response({"task": ecs._sanitize(task)})


def begin_stop(task: dict[str, Any], reason: str, code: str, engine: Engine) -> bool:
    """Take a task out of service and let its processes end in the background; False when it is ending already."""
    arn = task["taskArn"]
    with resource_lock("ecs-task", arn):
        if not ecs._task_is_active(arn, task):
            return False
        ecs._bump_task_version(task)
        task.update(desiredStatus="STOPPED", lastStatus="DEACTIVATING", stoppingAt=ecs._iso())
        task.update(stoppedReason=reason, stopCode=code)
    ecs_metadata.set_task_status(arn, known_status="DEACTIVATING", desired_status="STOPPED")
    ecs._refresh_service_state(ecs._cluster_name_from_arn(task["clusterArn"]), task.get("group", ""))
    spawn_background(_finish_stop, task, reason, code, engine, thread_name=f"stop-{arn[-8:]}")
    return True


def _finish_stop(task: dict[str, Any], reason: str, code: str, engine: Engine) -> None:
    arn = task["taskArn"]
    containers = engine.of_task(_task_id(task))
    engine.end(_task_id(task))
    with resource_lock("ecs-task", arn):
        codes = {container.order.name: container.exit_code for container in containers}
        for part in task["containers"]:
            part["exitCode"] = codes.get(part["name"], part["exitCode"])
    _ending.set(arn)
    ecs._mark_task_stopped(arn, task, reason, code)
    _clean_up(task, engine)
    group = task.get("group", "")
    if group.startswith("service:"):
        cluster = ecs._cluster_name_from_arn(task["clusterArn"])
        ecs._reconcile_service_tasks(cluster, f"{cluster}/{group.removeprefix('service:')}")


def _clean_up(task: dict[str, Any], engine: Engine) -> None:
    """End what is left of a task, sidecars too; in the background, for a sidecar may take its time."""
    with resource_lock("ecs-task", task["taskArn"]):
        tokens, task["_metadata_tokens"], task["_docker_ids"] = task.get("_metadata_tokens") or [], [], []
    for token in tokens:
        ecs_metadata.unregister_token(token)
    spawn_background(engine.end, _task_id(task), thread_name=f"end-{task['taskArn'][-8:]}")


def note_health(container: Container, engine: Engine) -> None:
    """Write a container's health into its task; an unhealthy task of a service is replaced, as ECS does."""
    with request_scope(engine.settings.account, engine.settings.region):
        task = next((one for one in ecs._tasks.values() if _task_id(one) == container.order.task), None)
        if task is None:
            return
        for part in task["containers"]:
            if part["name"] == container.order.name:
                part["healthStatus"] = container.health.state.value
        task["healthStatus"] = _task_health(engine.of_task(container.order.task)).value
        if task["healthStatus"] == "UNHEALTHY" and task.get("group", "").startswith("service:"):
            replace(task, "Task failed container health checks", engine)


def replace(task: dict[str, Any], reason: str, engine: Engine) -> None:
    """Stop a sick task of a service and count it against the deployment; ECS then starts another."""
    if begin_stop(task, reason, SCHEDULER, engine):
        ecs._record_service_task_failure(task)


def _task_health(containers: tuple[Container, ...]) -> health.State:
    checked = [
        one
        for one in containers
        if health_command(one.order.definition) and one.order.definition.get("essential", True)
    ]
    return health.overall([one.health.state for one in checked])


def are_ending() -> bool:
    """Whether there are tasks whose processes were told to end and did not yet."""
    return any(task["lastStatus"] == "DEACTIVATING" for task in list(ecs._tasks.values()))


def await_end(tasks: list[dict[str, Any]], timeout: float) -> None:
    """Wait until all tasks are STOPPED, their processes gone."""
    deadline = time.monotonic() + timeout
    while any(task["lastStatus"] != "STOPPED" for task in tasks):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(tasks)} tasks did not stop within {timeout:.0f} s")
        time.sleep(0.05)


def _task_id(task: dict[str, Any]) -> str:
    return str(task["taskArn"]).rsplit("/", 1)[1]
