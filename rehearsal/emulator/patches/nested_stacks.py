"""Nested stacks settle their services side by side, clean up after a failed creation, and obey deletion policies."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import _stacks, provisioners, stacks
from ministack.services.cloudformation.engine import _extract_deps, _topological_sort

from rehearsal.emulator.patches.handlers import ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.patches.services import KIND as SERVICE
from rehearsal.emulator.patches.services import POLL_SECONDS, Draining, Services

KIND = "AWS::CloudFormation::Stack"
LET_RUN = (SERVICE, "AWS::ECS::TaskDefinition")
"""Types whose deletion does not wait for the tasks of services that were deleted just before."""
EVENT = "stack_id stack_name logical_id resource_type status reason physical_id detailed_status"

_UNFINISHED = ("CREATE_IN_PROGRESS", "CREATE_FAILED")

Event = Callable[..., None]
Stack = dict[str, Any]
"""MiniStack's record of a stack."""


class NestedStacks:
    """Replaces the delete of nested stacks, and wraps their creation, their update and their events."""

    def __init__(self, handlers: ResourceHandlers, services: Services) -> None:
        self._handlers = handlers
        self._services = services
        self._original_create = handlers.original(KIND, "create")
        self._original_update = handlers.original(KIND, "update")

    def apply(self) -> None:
        """Put the corrections in place."""
        rebind(
            stacks,
            "_delete_resource",
            _in_order,
            takes="resource_type physical_id props stack_name logical_id",
        )
        rebind(stacks, "_add_event", self._once_true, takes=EVENT)
        self._handlers.put(KIND, create=self._create, update=self._update, delete=self._delete)

    def _create(self, logical_id: str, properties: Any, stack: str) -> Any:
        try:
            return self._original_create(logical_id, properties, stack)
        except Exception as error:
            child = _failed_child(stack, logical_id)
            if child is None:
                raise
            self._fail(child, "CREATE_FAILED", str(error))
            if not _keeps_failures(stack):
                self._delete_child(child)
            raise ValueError(f"Embedded stack {child['StackId']} was not successfully created: {error}") from error

    def _update(self, physical_id: str, old: Any, new: Any, stack: str, _logical_id: str | None) -> Any:
        child = _stacks[provisioners._nested_stack_lookup_name(physical_id)]
        try:
            return self._original_update(physical_id, old, new, stack)
        except Exception as error:
            self._fail(_stacks[child["StackName"]], "UPDATE_FAILED", str(error))
            raise ValueError(f"Embedded stack {physical_id} was not successfully updated: {error}") from error

    def _delete(self, physical_id: str, _properties: Any) -> None:
        child = _stacks.get(provisioners._nested_stack_lookup_name(physical_id))
        if child is not None and child["StackStatus"] != "DELETE_COMPLETE":
            self._delete_child(child)

    def _once_true(self, record: Event) -> Event:
        """Record an event of a stack only when it has become true.

        MiniStack goes on to the next resource as soon as a handler returns. The COMPLETE event of a service that is
        still settling is therefore delayed; resources that depend on it wait for it, and so does the end of its stack.
        """

        def record_once_true(*event: Any, **more: Any) -> None:
            stack_id, stack, logical_id, kind, status = event[:5]
            waiting = self._services.settling.get(stack, {})
            if logical_id in waiting and status.endswith("_COMPLETE"):
                return
            if waiting and kind == KIND and logical_id == stack and status.endswith("_COMPLETE"):
                _stacks[stack]["StackStatus"] = status.replace("_COMPLETE", "_IN_PROGRESS")
                self._await(record, stack_id, stack, set(waiting))
                _stacks[stack]["StackStatus"] = status
            elif waiting and status.endswith("_IN_PROGRESS"):
                definition = _stacks[stack]["_template"]["Resources"].get(logical_id) or {}
                self._await(record, stack_id, stack, _extract_deps(definition, set(waiting)))
            record(*event, **{**_known_id(stack, logical_id, event), **more})

        return record_once_true

    def _await(self, record: Event, stack_id: str, stack: str, names: set[str]) -> None:
        """Wait for some services of a stack and record each when it settles."""
        waiting = self._services.settling[stack]
        verb = _stacks[stack]["StackStatus"].partition("_")[0]
        while names & set(waiting):
            for name in sorted(names & set(waiting)):
                judged = self._services.verdict(waiting[name])
                if judged.failure:
                    del self._services.settling[stack]
                    record(stack_id, stack, name, SERVICE, f"{verb}_FAILED", judged.failure)
                    for other in sorted(set(waiting) - {name}):
                        reason = f"Resource {'creation' if verb == 'CREATE' else 'update'} cancelled"
                        record(stack_id, stack, other, SERVICE, f"{verb}_FAILED", reason)
                    raise ValueError(f"The following resource(s) failed to {verb.lower()}: [{name}]. {judged.failure}")
                if judged.settled:
                    del waiting[name]
                    record(stack_id, stack, name, SERVICE, f"{verb}_COMPLETE")
            time.sleep(POLL_SECONDS)

    def _fail(self, child: Stack, status: str, reason: str) -> None:
        self._services.settling.pop(child["StackName"], None)
        child.update(StackStatus=status, StackStatusReason=reason)
        _add_own_event(child, status, reason)

    def _delete_child(self, child: Stack) -> None:
        """Delete a nested stack's resources in reverse order, as their policies say, services side by side.

        Raises:
            ValueError: some resources could not be deleted; they stay in the stack.
        """
        undone = _is_undone(child)
        child["StackStatus"] = "DELETE_IN_PROGRESS"
        _add_own_event(child, "DELETE_IN_PROGRESS")
        draining = Draining()
        token = self._services.draining.set(draining)
        try:
            failed = _delete_resources(child, draining, undone=undone)
        finally:
            self._services.draining.reset(token)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]."
            self._fail(child, "DELETE_FAILED", reason)
            raise ValueError(reason)
        child["StackStatus"] = "DELETE_COMPLETE"
        _add_own_event(child, "DELETE_COMPLETE")


def _in_order(delete: Callable[..., Any]) -> Callable[..., Any]:
    """Delete a resource only when nothing that is left depends on it; MiniStack deletes it after a failure too."""

    def delete_in_order(kind: str, physical_id: str, properties: Any, stack: str, logical_id: str) -> Any:
        held = _stacks.get(stack) or {}
        if held.get("StackStatus") == "DELETE_IN_PROGRESS" and _is_needed(held, logical_id):
            raise ValueError("Resource deletion cancelled: what could not be deleted depends on it")
        return delete(kind, physical_id, properties, stack, logical_id)

    return delete_in_order


def _known_id(stack: str, logical_id: str, event: tuple[Any, ...]) -> dict[str, str]:
    """Return the physical id of what exists, which MiniStack leaves out while it updates one, and of a failed child.

    Source: the example of DescribeStackEvents, AWS CloudFormation API Reference,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
    """
    if len(event) > EVENT.split().index("physical_id"):
        return {}
    resource = _stacks.get(stack, {}).get("_resources", {}).get(logical_id)
    failed = [one["StackId"] for one in _children(stack, logical_id)] if event[4] == "CREATE_FAILED" else []
    known = [resource["PhysicalResourceId"]] if resource else failed
    return {"physical_id": known[-1]} if known else {}


def _add_own_event(stack: Stack, status: str, reason: str = "") -> None:
    name, identity = stack["StackName"], stack["StackId"]
    stacks._add_event(identity, name, name, KIND, status, reason, identity)


def _failed_child(parent: str, logical_id: str) -> Stack | None:
    """Return the child that a failed creation left."""
    failed = (one for one in _children(parent, logical_id) if one["StackStatus"] in _UNFINISHED)
    return next(failed, None)


def _children(parent: str, logical_id: str) -> list[Stack]:
    """Return the stacks that were made for a resource of a stack, the newest last."""
    return [
        stack
        for name, stack in _stacks.items()
        if name.startswith(f"{parent}-{logical_id}-") and stack.get("ParentId") == _stacks[parent]["StackId"]
    ]


def _keeps_failures(stack: str) -> bool:
    """Whether the operation has DisableRollback: it leaves what failed in place."""
    return bool(_root(_stacks[stack]).get("DisableRollback"))


def _is_undone(child: Stack) -> bool:
    """Whether a nested stack goes because the operation that made it failed or is rolled back."""
    status = _root(child)["StackStatus"]
    return "ROLLBACK" in status or (child["StackStatus"] == "CREATE_FAILED" and not status.startswith("DELETE"))


def _root(stack: Stack) -> Stack:
    while stack.get("_parent_stack_name"):
        stack = _stacks[stack["_parent_stack_name"]]
    return stack


def _delete_resources(child: Stack, draining: Draining, *, undone: bool) -> list[str]:
    """Delete the resources of a stack in reverse order; the logical ids of those that failed."""
    definitions = child["_template"]["Resources"]
    failed = []
    for logical_id in reversed(_topological_sort(definitions, child["_conditions"])):
        resource = child["_resources"].get(logical_id)
        if resource is None:
            continue
        if resource["ResourceType"] not in LET_RUN:
            draining.finish()
        if not _delete_resource(child, logical_id, draining, undone=undone):
            failed.append(logical_id)
    draining.finish()
    return failed


def _delete_resource(child: Stack, logical_id: str, draining: Draining, *, undone: bool) -> bool:
    """Delete or retain one resource and record what happened; whether it is off the stack.

    One that is `undone` was never used, and only `Retain` keeps it. Source: "DeletionPolicy attribute", AWS
    CloudFormation Template Reference, RetainExceptOnCreate.
    """
    resource = child["_resources"][logical_id]
    kind, physical_id, properties = (resource[part] for part in ("ResourceType", "PhysicalResourceId", "Properties"))
    name, identity = child["StackName"], child["StackId"]
    policy = _deletion_policy(child, logical_id)

    def record(status: str, reason: str = "") -> None:
        stacks._add_event(identity, name, logical_id, kind, status, reason, physical_id)

    if policy == "Retain" or (policy in stacks._RETAINING_POLICIES and not undone):
        record("DELETE_SKIPPED")
        del child["_resources"][logical_id]
        return True
    if _is_needed(child, logical_id):
        return False
    record("DELETE_IN_PROGRESS")
    try:
        if policy == "Snapshot":
            provisioners._snapshot_resource(kind, physical_id, properties)
        provisioners._delete_resource(kind, physical_id, properties, name, logical_id)
    except Exception as error:  # noqa: BLE001  whatever a handler raises is the reason in the event
        record("DELETE_FAILED", str(error))
        resource.update(ResourceStatus="DELETE_FAILED", ResourceStatusReason=str(error))
        return False
    draining.reports.append(lambda: record("DELETE_COMPLETE"))
    if kind not in LET_RUN:
        draining.finish()
    del child["_resources"][logical_id]
    return True


def _deletion_policy(child: Stack, logical_id: str) -> str:
    mappings = child["_template"].get("Mappings", {})
    given = (child["_resources"], child["_resolved_params"], child["_conditions"], mappings)
    definition = child["_template"]["Resources"][logical_id]
    where = (child["StackName"], child["StackId"])
    return str(stacks._resource_policy(definition, "DeletionPolicy", *given, *where))


def _is_needed(stack: Stack, logical_id: str) -> bool:
    """Whether something that is still in a stack depends on one of its resources."""
    definitions, left = stack["_template"]["Resources"], set(stack["_resources"]) - {logical_id}
    return any(logical_id in _extract_deps(definitions.get(other) or {}, {logical_id}) for other in left)
