"""CloudFormation in memory: stacks that do what a test says, with the events that the real one would tell."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deployer.aws.errors import AwsRefusal
from deployer.aws.stacks import STACK_TYPE, Change, ChangeSet, DriftDetection, Event, Resource, ResourceDrift, Stack

START = datetime(2026, 11, 1, tzinfo=UTC)
_DELETED = frozenset({"DELETE_COMPLETE", "ROLLBACK_COMPLETE"})
ADDED = (Change(action="Add", logical_id="Resource", type="AWS::X::Y"),)
"""What the change set of a creation holds where a test does not say it."""
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def arn(name: str) -> str:
    """Return the ARN that the stack `name` has here."""
    return f"arn:aws:cloudformation:us-west-2:123456789012:stack/{name}/1"


@dataclass(kw_only=True)
class Order:
    """A change set that a test's deploy created."""

    stack: str
    kind: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    body: str
    role: str | None = None
    execution: str = "AVAILABLE"
    reverts_drift: bool = False


@dataclass(kw_only=True)
class FakeCloudFormation:
    """Stacks by name. `outputs` are those of a complete stack, `endings` say how its operations end.

    A resource for which `protects` returns True, by physical id, cannot be deleted, and neither can its stack. The
    first `stale_looks` at a stack after an operation show it as it was meanwhile.
    """

    stacks: dict[str, Stack] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    members: dict[str, tuple[Resource, ...]] = field(default_factory=dict)
    history: dict[str, list[Event]] = field(default_factory=dict)
    changes: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    findings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What validation finds, by the stack or by the change set of a nested one."""
    troubles: list[AwsRefusal] = field(default_factory=list)
    """What the next calls for events raise, one each."""
    outputs: Callable[[str, Mapping[str, str]], Mapping[str, str]] = lambda _name, _parameters: {}
    endings: dict[str, list[str]] = field(default_factory=dict)
    fetch: Callable[[str], str] = lambda url: url
    protects: Callable[[str], bool] = lambda _physical_id: False
    lost_answers: int = 0
    stale_looks: int = 0
    _stale: dict[str, tuple[int, Stack]] = field(default_factory=dict)
    failures: list[tuple[Resource, str]] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    deleted_change_sets: list[str] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    continued: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    by_hand: dict[str, tuple[ResourceDrift, ...]] = field(default_factory=dict)
    """What somebody changed by hand, by stack; a detection finds it."""
    blind: dict[str, str] = field(default_factory=dict)
    """Why a detection does not look at everything, by stack."""
    detections: list[str] = field(default_factory=list)
    exported: dict[str, str] = field(default_factory=dict)
    imported: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of exports, and the stacks that import them, by their names."""
    on_tick: list[Callable[[], None]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def put(self, name: str, status: str, *, template: str = "", **fields: Any) -> Stack:
        """Place a stack and the event of its last operation."""
        self.stacks[name] = Stack(id=arn(name), name=name, status=status, **fields)
        self.templates[name] = template
        self.tell(name, status)
        return self.stacks[name]

    def tell(self, stack: str, status: str, resource: Resource | None = None, reason: str = "") -> None:
        """Write an event of a stack, or of one of its resources, into its history."""
        number = next(self._numbers)
        time = START + timedelta(seconds=number)
        logical = resource.logical_id if resource else stack
        physical = resource.physical_id if resource else arn(stack)
        kind = resource.type if resource else STACK_TYPE
        event = Event(
            id=f"event-{number}",
            stack_id=arn(stack),
            stack=stack,
            time=time,
            logical_id=logical,
            physical_id=physical,
            type=kind,
            status=status,
            reason=reason,
        )
        self.history.setdefault(stack, []).append(event)

    def stack(self, name: str) -> Stack | None:
        """Mirror the real client."""
        if self.on_tick:
            self.on_tick.pop(0)()
        left, before = self._stale.get(_name(name), (0, None))
        if left and before is not None:
            self._stale[_name(name)] = (left - 1, before)
            return before
        found = self.stacks.get(_name(name))
        return None if found is None or (found.status == "DELETE_COMPLETE" and name == found.name) else found

    def stacks_of_account(self) -> tuple[Stack, ...]:
        """Mirror the real client."""
        return tuple(self.stacks.values())

    def create_change_set(
        self,
        stack: str,
        name: str,
        kind: str,
        *,
        parameters: Mapping[str, str],
        tags: Mapping[str, str],
        body: str | None = None,
        url: str | None = None,
        role: str | None = None,
        reverts_drift: bool = False,
    ) -> str:
        """Mirror the real client."""
        key = f"arn:aws:cloudformation:us-west-2:123456789012:changeSet/{name}/{next(self._numbers)}"
        text = self.fetch(url) if url else body or ""
        self.orders[key] = Order(
            stack=stack,
            kind=kind,
            parameters=parameters,
            tags=tags,
            body=text,
            role=role,
            reverts_drift=reverts_drift,
        )
        if kind == "CREATE":
            self.put(stack, "REVIEW_IN_PROGRESS")
        return key

    def change_set(self, key: str) -> ChangeSet:
        """Mirror the real client."""
        if key in self.changes and key not in self.orders:
            return ChangeSet(
                arn=key,
                stack_id=arn("nested"),
                status="CREATE_COMPLETE",
                execution_status="AVAILABLE",
                reason="",
                changes=self.changes[key],
            )
        order = self.orders[key]
        if reason := self.refusals.get(order.stack, ""):
            return ChangeSet(
                arn=key,
                stack_id=arn(order.stack),
                status="FAILED",
                execution_status="UNAVAILABLE",
                reason=reason,
                changes=(),
            )
        return ChangeSet(
            arn=key,
            stack_id=arn(order.stack),
            status="CREATE_COMPLETE",
            execution_status=order.execution,
            reason="",
            changes=self.changes.get(order.stack, ADDED if order.kind == "CREATE" else ()),
        )

    def validation_findings(self, key: str) -> tuple[str, ...]:
        """Mirror the real client."""
        return self.findings.get(self.orders[key].stack if key in self.orders else key, ())

    def delete_change_set(self, key: str) -> None:
        """Mirror the real client."""
        self.deleted_change_sets.append(key)

    def execute_change_set(self, key: str, _token: str, *, first: bool) -> None:
        """Mirror the real client; a lost answer makes the SDK ask twice, and the second time is refused."""
        order = self.orders[key]
        if order.execution != "AVAILABLE":
            raise AwsRefusal("no", code="InvalidChangeSetStatus")
        assert first == (order.kind == "CREATE")
        order.execution = "EXECUTE_IN_PROGRESS"
        self.executed.append(order.stack)
        self._operate(order)
        if self.lost_answers:
            self.lost_answers -= 1
            raise AwsRefusal("no", code="InvalidChangeSetStatus")

    def delete_stack(self, stack_id: str, _token: str, _role: str | None = None) -> None:
        """Mirror the real client."""
        name = _name(stack_id)
        self.deleted.append(name)
        self._end(name, self._ending(name, "DELETE_COMPLETE"))

    def continue_rollback(self, stack_id: str, skip: tuple[str, ...] = ()) -> None:
        """Mirror the real client."""
        name = _name(stack_id)
        self.continued.append(name)
        self.skipped += skip
        self._end(name, self._ending(name, "UPDATE_ROLLBACK_COMPLETE"))

    def events(self, stack_id: str) -> Iterator[Event]:
        """Mirror the real client."""
        if self.troubles:
            raise self.troubles.pop(0)
        return iter(tuple(reversed(self.history.get(_name(stack_id), []))))

    def resources(self, stack_id: str) -> tuple[Resource, ...]:
        """Mirror the real client."""
        return self.members.get(_name(stack_id), ())

    def template(self, stack_id: str) -> str:
        """Mirror the real client."""
        return self.templates[_name(stack_id)]

    def exports(self) -> Mapping[str, str]:
        """Mirror the real client."""
        return self.exported

    def importers(self, export: str) -> tuple[str, ...]:
        """Mirror the real client."""
        return self.imported.get(export, ())

    def detect_drift(self, stack_id: str) -> str:
        """Mirror the real client."""
        self.detections.append(_name(stack_id))
        return _name(stack_id)

    def drift_detection(self, detection: str) -> DriftDetection:
        """Mirror the real client."""
        reason = self.blind.get(detection, "")
        return DriftDetection(status="DETECTION_FAILED" if reason else "DETECTION_COMPLETE", reason=reason)

    def drifts(self, stack_id: str) -> tuple[ResourceDrift, ...]:
        """Mirror the real client."""
        name = _name(stack_id)
        return self.by_hand.get(name, ()) if name in self.detections else ()

    def _operate(self, order: Order) -> None:
        kind = order.kind
        self.tell(order.stack, f"{kind}_IN_PROGRESS")
        self._stale[order.stack] = (self.stale_looks, replace(self.stacks[order.stack], status=f"{kind}_IN_PROGRESS"))
        for resource, reason in self.failures:
            self.tell(order.stack, f"{kind}_FAILED", resource, reason)
        ending = self._ending(order.stack, f"{kind}_COMPLETE")
        if ending.endswith(f"{kind}_COMPLETE"):
            self.templates[order.stack] = order.body
            stack = self.stacks[order.stack]
            outputs = self.outputs(order.stack, order.parameters)
            self.stacks[order.stack] = replace(
                stack, parameters=dict(order.parameters), tags=dict(order.tags), outputs=outputs
            )
        self._end(order.stack, ending)

    def _ending(self, name: str, usual: str) -> str:
        planned = self.endings.get(name, [])
        return planned.pop(0) if planned else usual

    def _end(self, name: str, status: str) -> None:
        if status in _DELETED and self._is_protected(name):
            status = status.replace("COMPLETE", "FAILED")
        self.stacks[name] = replace(self.stacks[name], status=status)
        self.tell(name, status)

    def _is_protected(self, name: str) -> bool:
        return any(
            self._is_protected(_name(one.physical_id)) if one.type == STACK_TYPE else self.protects(one.physical_id)
            for one in self.members.get(name, ())
        )


def _name(name_or_arn: str) -> str:
    return name_or_arn.split("/")[1] if name_or_arn.startswith("arn:") else name_or_arn
