"""ECS tasks are process trees: started by our engine, stopped with SIGTERM side by side, with their own exit codes."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from ministack.core.concurrency import resource_lock, spawn_background
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, ecs, ecs_metadata

from rehearsal.emulator.containers.container import Container, health_command
from rehearsal.emulator.containers.engine import CannotPullError, Engine, RunRequest
from rehearsal.emulator.patches import file_systems
from rehearsal.emulator.patches.docker import Docker
from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.patches.task_permissions import TaskPermissions, role_of
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
"""Reasons in the StopTask calls of MiniStack's own scheduler; all other calls are a user's."""

GAVE_WAY = "Scaling activity initiated by (deployment {deployment})"
"""What ECS says instead. Source: "Stopped tasks error messages", Amazon ECS Developer Guide."""

AWSLOGS = "awslogs"
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"
WORDS_OF_AWS = {"Essential container exited": "Essential container in task exited"}
"""Reasons that AWS words differently. Source: "Stopped tasks error messages", Amazon ECS Developer Guide."""

BUILD_RUN_KWARGS = "cdef td env port_bindings ecs_network host_mode task_id task_arn ministack_net_ip cluster_arn"
Task = dict[str, Any]
"""MiniStack's record of a task."""


class Tasks:
    """Starts and stops tasks by our engine, and reports their ends as ECS does."""

    def __init__(self, engine: Engine, permissions: TaskPermissions) -> None:
        self._engine = engine
        self._permissions = permissions
        self._ending: ContextVar[str] = ContextVar("task that is being recorded as stopped", default="")

    def apply(self) -> None:
        """Put the engine where MiniStack expects Docker, and our stop where it expects its own."""
        docker = Docker(self._engine)
        rebind(ecs, "_get_docker", lambda _: lambda: docker, takes="")
        rebind(ecs, "_ImagePullError", lambda _: CannotPullError, takes=None)
        rebind(ecs, "_build_run_kwargs", lambda _: self._run_arguments, takes=BUILD_RUN_KWARGS)
        rebind(ecs, "_stop_task", lambda _: self._stop_task, takes="data")
        rebind_action(ecs, "StopTask", lambda _: self._stop_task)
        rebind(
            ecs,
            "_cleanup_task_resources",
            lambda _: lambda task, *_: self._clean_up(task),
            takes="task docker_client extra_container",
        )
        rebind(ecs, "_task_is_active", self._or_being_recorded, takes="task_arn task")
        rebind(ecs, "_mark_task_stopped", self._with_reason_of_aws, takes="task_arn task reason stop_code exit_code")
        self._engine.on_health = self._note_health

    def begin_stop(self, task: Task, reason: str, code: str) -> bool:
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
        spawn_background(self._finish_stop, task, reason, code, thread_name=f"stop-{arn[-8:]}")
        return True

    def replace(self, task: Task, reason: str) -> None:
        """Stop an unhealthy task of a service and count it against the deployment; ECS then starts another."""
        if self.begin_stop(task, reason, SCHEDULER):
            ecs._record_service_task_failure(task)

    def _run_arguments(
        self,
        container: Any,
        definition: Any,
        variables: Any,
        _ports: Any,
        _network: Any,
        _host: Any,
        _id: Any,
        arn: str,
        *_: Any,
    ) -> dict[str, RunRequest]:
        """Return the arguments for `Containers.run`; Docker's own leave out most of a container definition."""
        _require_log_group(container)
        may_mount = partial(self._permissions.may_mount, arn, definition)
        return {
            "request": RunRequest(
                task=_id_of(arn),
                definition=container,
                command=container.get("command"),
                variables=variables,
                mounts=file_systems.mounts(definition, container, self._engine.settings, may_mount),
                task_role=role_of(ecs._tasks.get(arn) or {}, definition, "taskRoleArn") or None,
                memory=_memory(arn),
                architecture=(definition.get("runtimePlatform") or {}).get("cpuArchitecture", "X86_64"),
            )
        }

    def _or_being_recorded(self, is_active: Callable[..., bool]) -> Callable[..., bool]:
        """Count a task that is ending as inactive, except while `_finish_stop` records its end."""

        def active_or_being_recorded(arn: str, task: Task) -> bool:
            return bool(is_active(arn, task)) or (self._ending.get() == arn and task["lastStatus"] != "STOPPED")

        return active_or_being_recorded

    def _with_reason_of_aws(self, mark_stopped: Callable[..., Any]) -> Callable[..., Any]:
        """Give a container that was killed for its memory its reason, and an ordinary end the words of AWS."""

        def mark(arn: str, task: Task, reason: str, *rest: Any, **more: Any) -> Any:
            # Like Docker's OOMKilled, it stays true when the container outlives the process that was killed.
            containers = self._engine.of_task(_id_of(arn))
            killed = {one.spec.name: one.exit_code for one in containers if one.out_of_memory}
            for part in task["containers"]:
                if part["name"] in killed:
                    part["reason"] = OUT_OF_MEMORY
            worded = OUT_OF_MEMORY if any(killed.values()) else WORDS_OF_AWS.get(reason, reason)
            return mark_stopped(arn, task, worded, *rest, **more)

        return mark

    def _stop_task(self, request: dict[str, Any]) -> Any:
        """StopTask answers at once; the processes have their stopTimeout to end, then the task is STOPPED."""
        cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
        task = ecs._resolve_task(request.get("task", ""), cluster) if cluster else None
        if task is None:
            return ecs.error_response_json("InvalidParameterException", "The referenced task was not found.", 400)
        reason = request.get("reason") or "Task stopped by user"
        if reason in SCHEDULER_REASONS:
            self.begin_stop(task, GAVE_WAY.format(deployment=_deployment_of(task)), SCHEDULER)
        else:
            self.begin_stop(task, reason, "UserInitiated")
        return ecs.json_response({"task": ecs._sanitize(task)})

    def _finish_stop(self, task: Task, reason: str, code: str) -> None:
        arn = task["taskArn"]
        containers = self._engine.of_task(_id_of(arn))
        self._engine.end(_id_of(arn))
        with resource_lock("ecs-task", arn):
            codes = {container.spec.name: container.exit_code for container in containers}
            for part in task["containers"]:
                part["exitCode"] = codes.get(part["name"], part["exitCode"])
        self._ending.set(arn)
        ecs._mark_task_stopped(arn, task, reason, code)
        self._clean_up(task)
        group = task.get("group", "")
        if group.startswith("service:"):
            cluster = ecs._cluster_name_from_arn(task["clusterArn"])
            ecs._reconcile_service_tasks(cluster, f"{cluster}/{group.removeprefix('service:')}")

    def _clean_up(self, task: Task) -> None:
        """End what is left of a task, sidecars too; in the background, for a sidecar may take its time."""
        with resource_lock("ecs-task", task["taskArn"]):
            tokens, task["_metadata_tokens"], task["_docker_ids"] = task.get("_metadata_tokens") or [], [], []
        for token in tokens:
            ecs_metadata.unregister_token(token)
        name = f"end-{task['taskArn'][-8:]}"
        spawn_background(self._engine.end, _id_of(task["taskArn"]), thread_name=name)

    def _note_health(self, container: Container) -> None:
        """Write a container's health into its task; replace an unhealthy task of a service, as ECS does."""
        settings = self._engine.settings
        with request_scope(settings.account, settings.region):
            task = next((one for one in ecs._tasks.values() if _id_of(one["taskArn"]) == container.spec.task), None)
            if task is None:
                return
            for part in task["containers"]:
                if part["name"] == container.spec.name:
                    part["healthStatus"] = container.health.state.value
            task["healthStatus"] = _task_health(self._engine.of_task(container.spec.task)).value
            if task["healthStatus"] == "UNHEALTHY" and task.get("group", "").startswith("service:"):
                self.replace(task, "Task failed container health checks")


def _deployment_of(task: Task) -> str:
    """Return the newest deployment of the service that a task belongs to."""
    cluster = ecs._cluster_name_from_arn(task["clusterArn"])
    service = ecs._services.get(f"{cluster}/{task['group'].removeprefix('service:')}") or {}
    return str(next((one["id"] for one in service.get("deployments", ())), ""))


def _memory(arn: str) -> int:
    """MiB that a task may use: by the overrides of its start, or by its definition."""
    task = ecs._tasks.get(arn) or {}
    return int((task.get("overrides") or {}).get("memory") or task.get("memory") or 0)


def _require_log_group(container: dict[str, Any]) -> None:
    """Refuse a container without its log group, as Fargate does; MiniStack starts it."""
    driver = container.get("logConfiguration") or {}
    options = driver.get("options") or {}
    group = options.get("awslogs-group")
    if driver.get("logDriver") != AWSLOGS or options.get("awslogs-create-group") == "true":
        return
    if group not in cloudwatch_logs._log_groups:
        raise ValueError(
            "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log "
            f"stream: ResourceNotFoundException: The specified log group does not exist. ({group})"
        )


def _task_health(containers: tuple[Container, ...]) -> health.State:
    checked = [
        one for one in containers if health_command(one.spec.definition) and one.spec.definition.get("essential", True)
    ]
    return health.overall([one.health.state for one in checked])


def are_ending() -> bool:
    """Whether there are tasks whose processes are still ending."""
    return any(task["lastStatus"] == "DEACTIVATING" for task in list(ecs._tasks.values()))


def await_end(tasks: list[dict[str, Any]], timeout: float) -> None:
    """Wait until all tasks are STOPPED and their processes gone; `timeout` is in seconds."""
    deadline = time.monotonic() + timeout
    while any(task["lastStatus"] != "STOPPED" for task in tasks):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(tasks)} tasks did not stop within {timeout:.0f} s")
        time.sleep(0.05)


def _id_of(arn: str) -> str:
    return arn.rsplit("/", 1)[1]
