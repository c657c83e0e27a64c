"""A deployment is in progress until its tasks pass their health checks, also the first deployment of a service."""

import time
from collections.abc import Callable
from typing import Any

from ministack.services import ecs

from rehearsal.emulator.patches.rebinding import rebind

POLL_SECONDS = 0.1
STEADY_SECONDS = 0.2
"""MiniStack waits a whole second after a task has started; here the health checks decide, so less is enough."""


def apply(is_ready: Callable[[Any], bool]) -> None:
    """Correct the two places where MiniStack takes a started task for a healthy one."""
    rebind(ecs, "_ECS_DEPLOYMENT_STEADY_DELAY", lambda _: STEADY_SECONDS, takes=None)
    rebind(ecs, "_make_deployment", _in_progress, takes="task_definition desired_count status")
    rebind(ecs, "_record_service_task_healthy", lambda record: _when_ready(record, is_ready), takes="svc_key task")


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
