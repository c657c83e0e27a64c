"""ECS services go through the API's own shape; they are created when settled, and deleted when gone."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ministack.services import ecs
from ministack.services.cloudformation import _stacks

from rehearsal.emulator.patches import handlers, shapes
from rehearsal.emulator.patches.tasks import await_end
from rehearsal.emulator.rules import service_stability

KIND = "AWS::ECS::Service"
SETTLE_SECONDS = 600
DRAIN_SECONDS = 180
POLL_SECONDS = 0.1


@dataclass
class Draining:
    """Tasks a delete has sent away and not yet seen gone, and what to report when they are."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    reports: list[Callable[[], None]] = field(default_factory=list)

    def finish(self) -> None:
        """Wait for the tasks, then report."""
        await_end(self.tasks, DRAIN_SECONDS)
        while self.reports:
            self.reports.pop(0)()


@dataclass(frozen=True)
class Settling:
    """A service an operation has changed and not yet seen settled."""

    key: str
    since: float
    known: frozenset[str] = frozenset()
    """Tasks and deployments from before."""


draining: ContextVar[Draining | None] = ContextVar("where a delete of several services puts their tasks", default=None)
settling: dict[str, dict[str, Settling]] = {}
"""Nested stack name to logical id to service: these settle side by side, see patches/nested_stacks.py."""


def apply(ready: Callable[[Any], bool]) -> None:
    """Replace all three handlers."""

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> handlers.Created:
        name = properties.get("ServiceName") or f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}"
        request = shapes.request("ecs", "CreateService", {**properties, "ServiceName": name})
        service = handlers.api("ecs").create_service(**request)["service"]
        _settle(stack, logical_id, Settling(_key(service["serviceArn"]), time.time()), ready)
        return service["serviceArn"], _attributes(service)

    def update(physical_id: str, old: Any, new: Any, stack: str, logical_id: str | None = None) -> handlers.Created:
        key = _key(physical_id)
        waiting = Settling(key, time.time(), service_stability.identities(ecs._services[key], tasks_of(key)))
        request = shapes.request("ecs", "UpdateService", changes(physical_id, old, new))
        service = handlers.api("ecs").update_service(**request)["service"]
        _settle(stack, logical_id or physical_id, waiting, ready)
        return physical_id, _attributes(service)

    handlers.put(KIND, create=create, update=update, update_with_logical_id=True, delete=_delete)


def changes(arn: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The properties UpdateService can change and the template changed, with the service they belong to."""
    known = shapes.members("ecs", "UpdateService")
    changed = {name: value for name, value in new.items() if name.lower() in known and old.get(name) != value}
    return {**changed, "Service": arn, "Cluster": arn.split("/")[-2]}


def verdict(waiting: Settling, ready: Callable[[Any], bool]) -> service_stability.Verdict:
    """Where a service stands now; waiting for ever is a failure too."""
    service = ecs._services.get(waiting.key)
    if service is None or service["status"] != "ACTIVE":
        return service_stability.Verdict(failure="The service was deleted while it was settling.")
    if time.time() - waiting.since > SETTLE_SECONDS:
        return service_stability.Verdict(failure=f"Service {service['serviceName']} did not stabilize.")
    return service_stability.judge(service, tasks_of(waiting.key), known=waiting.known, ready=ready)


def tasks_of(key: str) -> list[dict[str, Any]]:
    """All tasks a service has had, in the order they were started."""
    cluster, _, name = key.partition("/")
    return [
        task
        for task in ecs._tasks.values()
        if task.get("group") == f"service:{name}" and task["clusterArn"].endswith(f"/{cluster}")
    ]


def _settle(stack: str, logical_id: str, waiting: Settling, ready: Callable[[Any], bool]) -> None:
    """Wait for the service; in a nested stack leave the waiting to the stack, which waits for all of them at once."""
    if (_stacks.get(stack) or {}).get("_parent_stack_name"):
        settling.setdefault(stack, {})[logical_id] = waiting
        return
    while not (judged := verdict(waiting, ready)).settled:
        if judged.failure:
            raise ValueError(judged.failure)
        time.sleep(POLL_SECONDS)


def _delete(physical_id: str, _properties: Any) -> None:
    key = _key(physical_id)
    cluster, _, name = key.partition("/")
    tasks = [task for task in tasks_of(key) if task["lastStatus"] != "STOPPED"]
    if key in ecs._services and ecs._services[key]["status"] == "ACTIVE":
        handlers.api("ecs").delete_service(cluster=cluster, service=name, force=True)
    others = draining.get()
    if others is None:
        await_end(tasks, DRAIN_SECONDS)
    else:
        others.tasks += tasks


def _key(arn: str) -> str:
    return "/".join(arn.split("/")[-2:])


def _attributes(service: dict[str, Any]) -> dict[str, Any]:
    return {"ServiceArn": service["serviceArn"], "Name": service["serviceName"]}
