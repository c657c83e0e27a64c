"""ECS services go through the API's own shape; they are created when stable, and deleted when their tasks are gone."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ministack.services import ecs
from ministack.services.cloudformation import _stacks

from rehearsal.emulator.patches import shapes
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.tasks import await_end
from rehearsal.emulator.rules import service_stability

KIND = "AWS::ECS::Service"
SETTLE_SECONDS = 600
DRAIN_SECONDS = 180
POLL_SECONDS = 0.1


@dataclass
class Draining:
    """Tasks that a delete has stopped and that have not ended yet, and what to report when they have."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    reports: list[Callable[[], None]] = field(default_factory=list)

    def finish(self) -> None:
        """Wait for the tasks, then report."""
        await_end(self.tasks, DRAIN_SECONDS)
        while self.reports:
            self.reports.pop(0)()


@dataclass(frozen=True)
class Settling:
    """A service that an operation has changed and that is not stable yet."""

    key: str
    since: float
    known: frozenset[str] = frozenset()
    """The tasks and deployments from before."""


class Services:
    """Creates, updates and deletes services, and knows which ones are not stable yet."""

    def __init__(self, handlers: ResourceHandlers, is_ready: Callable[[Any], bool]) -> None:
        self._handlers = handlers
        self._is_ready = is_ready
        self.settling: dict[str, dict[str, Settling]] = {}
        """Nested stack name to logical id to service: these settle side by side, see patches/nested_stacks.py."""
        self.draining: ContextVar[Draining | None] = ContextVar("tasks of the current stack deletion", default=None)

    def apply(self) -> None:
        """Replace all three handlers."""
        self._handlers.put(KIND, create=self._create, update=self._update, delete=self._delete)

    def verdict(self, waiting: Settling) -> service_stability.Verdict:
        """Whether a service is stable now; waiting too long is a failure."""
        service = ecs._services.get(waiting.key)
        if service is None or service["status"] != "ACTIVE":
            return service_stability.Verdict(failure="The service was deleted while it was settling.")
        if time.time() - waiting.since > SETTLE_SECONDS:
            return service_stability.Verdict(failure=f"Service {service['serviceName']} did not stabilize.")
        return service_stability.judge(service, tasks_of(waiting.key), known=waiting.known, ready=self._is_ready)

    def _create(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        name = properties.get("ServiceName") or f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}"
        request = shapes.request("ecs", "CreateService", {**properties, "ServiceName": name})
        service = self._handlers.api("ecs").create_service(**request)["service"]
        self._settle(stack, logical_id, Settling(_key(service["serviceArn"]), time.time()))
        return service["serviceArn"], _attributes(service)

    def _update(self, physical_id: str, old: Any, new: Any, stack: str, logical_id: str | None) -> Created:
        key = _key(physical_id)
        waiting = Settling(key, time.time(), service_stability.identities(ecs._services[key], tasks_of(key)))
        request = shapes.request("ecs", "UpdateService", changes(physical_id, old, new))
        service = self._handlers.api("ecs").update_service(**request)["service"]
        self._settle(stack, logical_id or physical_id, waiting)
        return physical_id, _attributes(service)

    def _delete(self, physical_id: str, _properties: Any) -> None:
        key = _key(physical_id)
        cluster, _, name = key.partition("/")
        tasks = [task for task in tasks_of(key) if task["lastStatus"] != "STOPPED"]
        if key in ecs._services and ecs._services[key]["status"] == "ACTIVE":
            self._handlers.api("ecs").delete_service(cluster=cluster, service=name, force=True)
        others = self.draining.get()
        if others is None:
            await_end(tasks, DRAIN_SECONDS)
        else:
            others.tasks += tasks

    def _settle(self, stack: str, logical_id: str, waiting: Settling) -> None:
        """Wait for the service; a nested stack waits for all of its services at once instead."""
        if (_stacks.get(stack) or {}).get("_parent_stack_name"):
            self.settling.setdefault(stack, {})[logical_id] = waiting
            return
        while not (judged := self.verdict(waiting)).settled:
            if judged.failure:
                raise ValueError(judged.failure)
            time.sleep(POLL_SECONDS)


def changes(arn: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that the template changed and UpdateService can change, with the service."""
    known = shapes.members("ecs", "UpdateService")
    changed = {name: value for name, value in new.items() if name.lower() in known and old.get(name) != value}
    return {**changed, "Service": arn, "Cluster": arn.split("/")[-2]}


def tasks_of(key: str) -> list[dict[str, Any]]:
    """All tasks that a service has had, in the order of their start."""
    cluster, _, name = key.partition("/")
    return [
        task
        for task in ecs._tasks.values()
        if task.get("group") == f"service:{name}" and task["clusterArn"].endswith(f"/{cluster}")
    ]


def _key(arn: str) -> str:
    return "/".join(arn.split("/")[-2:])


def _attributes(service: dict[str, Any]) -> dict[str, Any]:
    return {"ServiceArn": service["serviceArn"], "Name": service["serviceName"]}
