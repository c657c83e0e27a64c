"""Whether a task is ready: its containers are healthy, and so are its targets at the load balancer."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import ecs

from rehearsal.emulator.networking.target_health import Target
from rehearsal.emulator.patches.load_balancers import LoadBalancers
from rehearsal.emulator.patches.tasks import Tasks
from rehearsal.emulator.rules import service_stability
from rehearsal.emulator.rules.settings import Settings


def is_ready(task: Any, balancers: LoadBalancers) -> bool:
    """Whether a task passes every health check that it has."""
    if task["lastStatus"] != "RUNNING":
        return False
    definition = ecs._task_defs.get(ecs._resolve_td_key(task["taskDefinitionArn"]))
    checked = definition and any(part.get("healthCheck") for part in definition["containerDefinitions"])
    if checked and task["healthStatus"] != "HEALTHY":
        return False
    return all(balancers.finding(target).state == "healthy" for target in _targets(task))


def replace_unhealthy(target: Target, complaint: str, tasks: Tasks, settings: Settings) -> None:
    """Replace the task behind an unhealthy target once its service's grace period is over, as ECS does."""
    with request_scope(settings.account, settings.region):
        for task in list(ecs._tasks.values()):
            service = _service(task)
            if service is None or target not in _targets(task) or task["lastStatus"] != "RUNNING":
                continue
            grace = float(service.get("healthCheckGracePeriodSeconds") or 0)
            if time.time() - service_stability.seconds(task["startedAt"]) < grace:
                continue
            name = service["serviceName"]
            reason = f"(service {name}) (port {target.port}) is unhealthy in (target-group {target.group}) due to "
            tasks.replace(task, f"{reason}(reason {complaint})")


def _targets(task: Any) -> list[Target]:
    address, service = ecs._task_ip(task), _service(task)
    groups = (service or {}).get("loadBalancers") or ()
    return [Target(one["targetGroupArn"], address, int(one["containerPort"])) for one in groups if address]


def _service(task: Any) -> dict[str, Any] | None:
    cluster = ecs._cluster_name_from_arn(task["clusterArn"])
    name = task.get("group", "").removeprefix("service:")
    found: dict[str, Any] | None = ecs._services.get(f"{cluster}/{name}")
    return found
