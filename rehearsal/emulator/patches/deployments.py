"""A deployment is in progress until its tasks pass their health checks, also the first one; other subnets need one.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from collections.abc import Callable
from typing import Any

from ministack.services import ecs

from rehearsal.emulator.patches.rebinding import rebind, rebind_action

POLL_SECONDS = 0.1
STEADY_SECONDS = 0.2
"""MiniStack waits a whole second after a task has started; here the health checks decide, so less is enough."""
OF_TASKS = ("loadBalancers", "networkConfiguration", "platformVersion", "serviceRegistries")
"""What UpdateService changes by new tasks, besides the task definition; MiniStack leaves the tasks as they are."""


def apply(is_ready: Callable[[Any], bool]) -> None:
    """Correct the two places where MiniStack takes a started task for a healthy one, and let changes reach tasks."""
    rebind(ecs, "_ECS_DEPLOYMENT_STEADY_DELAY", lambda _: STEADY_SECONDS, takes=None)
    rebind(ecs, "_make_deployment", _in_progress, takes="task_definition desired_count status")
    rebind(ecs, "_record_service_task_healthy", lambda record: _when_ready(record, is_ready), takes="svc_key task")
    rebind_action(ecs, "UpdateService", _by_new_tasks)


def _by_new_tasks(update: Callable[..., Any]) -> Callable[..., Any]:
    def update_service(request: dict[str, Any]) -> Any:
        """Begin a deployment if what the tasks have from their start changes."""
        name, _ = ecs._resolve_service_ref(request.get("service", "")) or ("", None)
        service = ecs._services.get(f"{ecs._resolve_cluster_name(request.get('cluster', 'default'))}/{name}") or {}
        changed = {key for key in OF_TASKS if key in request and (request[key] or None) != (service.get(key) or None)}
        if service and changed:
            service.update({key: request[key] for key in changed})
            request = {**request, "forceNewDeployment": True}
        return update(request)

    return update_service


def _in_progress(make: Callable[..., Any]) -> Callable[..., Any]:
    def make_in_progress(definition: str, desired: int, *rest: Any) -> Any:
        deployment = make(definition, desired, *rest)
        if desired:
            deployment.update(rolloutState="IN_PROGRESS", rolloutStateReason="ECS deployment in progress.")
        return deployment

    return make_in_progress


def _when_ready(record: Callable[..., None], is_ready: Callable[[Any], bool]) -> Callable[..., None]:
    def record_when_ready(service: str, task: Any) -> None:
        """Wait until a task is ready and record it; it may wait, since each task has a thread of its own."""
        while task["lastStatus"] == "RUNNING" and not is_ready(task):
            time.sleep(POLL_SECONDS)
        record(service, task)

    return record_when_ready
