"""A deployment is in progress until its tasks pass their health checks, the first one of a service too."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from collections.abc import Callable
from typing import Any

from ministack.services import ecs

POLL_SECONDS = 0.1


def apply(ready: Callable[[Any], bool]) -> None:
    """Wrap the two places where MiniStack takes a started task for a healthy one."""
    ecs._ECS_DEPLOYMENT_STEADY_DELAY = 0.2
    make, record = ecs._make_deployment, ecs._record_service_task_healthy

    def make_in_progress(definition: str, desired: int, *rest: Any) -> Any:
        deployment = make(definition, desired, *rest)
        if desired:
            deployment.update(rolloutState="IN_PROGRESS", rolloutStateReason="ECS deployment in progress.")
        return deployment

    def record_when_ready(service: str, task: Any) -> None:
        """Runs on a thread of its own, one per task, so it may wait."""
        while task["lastStatus"] == "RUNNING" and not ready(task):
            time.sleep(POLL_SECONDS)
        record(service, task)

    ecs._make_deployment = make_in_progress
    ecs._record_service_task_healthy = record_when_ready
