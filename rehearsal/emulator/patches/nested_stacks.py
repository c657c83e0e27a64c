"""Nested stacks settle their services side by side, clean up after a failed creation, and delete by their policies."""
# ruff: noqa: SLF001  what needs correcting is not public

import time
from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import _stacks, provisioners, stacks
from ministack.services.cloudformation.engine import _extract_deps, _topological_sort

from rehearsal.emulator.patches import handlers, services

KIND = "AWS::CloudFormation::Stack"
LET_RUN = ("AWS::ECS::Service", "AWS::ECS::TaskDefinition")
"""Types that may be deleted while tasks of other services are still ending."""

Event = Callable[..., None]


def apply(ready: Callable[[Any], bool]) -> None:
    """Replace the delete, and wrap creation, update and the recording of events."""
    theirs = handlers.theirs(KIND)
    record = stacks._add_event
    stacks._delete_resource = _in_order(stacks._delete_resource)
    stacks._add_event = lambda *event, **more: _record(record, ready, *event, **more)

    def create(logical_id: str, properties: Any, stack: str) -> Any:
        try:
            return theirs["create"](logical_id, properties, stack)
        except Exception as error:
            child = _failed_child(stack, logical_id)
            if child is None:
                raise
            _fail(child, "CREATE_FAILED", str(error))
            if not _keeps_failures(stack):
                delete_child(child)
            raise ValueError(f"Embedded stack {child['StackId']} was not successfully created: {error}") from error

    def update(physical_id: str, old: Any, new: Any, stack: str) -> Any:
        child = _stacks[provisioners._nested_stack_lookup_name(physical_id)]
        try:
            return theirs["update"](physical_id, old, new, stack)
        except Exception as error:
            _fail(_stacks[child["StackName"]], "UPDATE_FAILED", str(error))
            raise ValueError(f"Embedded stack {physical_id} was not successfully updated: {error}") from error

    def delete(physical_id: str, _properties: Any) -> None:
        child = _stacks.get(provisioners._nested_stack_lookup_name(physical_id))
        if child is not None and child["StackStatus"] != "DELETE_COMPLETE":
            delete_child(child)

    handlers.put(KIND, create=create, update=update, delete=delete)


def _record(record: Event, ready: Callable[[Any], bool], *event: Any, **more: Any) -> None:
    """Record an event of a stack when it has become true.

    MiniStack goes on to the next resource as soon as a handler returns. A service that is still settling therefore
    keeps its COMPLETE event back; what depends on it waits for it, and so does the end of its stack.
    """
    stack_id, stack, logical_id, kind, status = event[:5]
    waiting = services.settling.get(stack, {})
    if logical_id in waiting and status.endswith("_COMPLETE"):
        return
    if waiting and kind == KIND and logical_id == stack and status.endswith("_COMPLETE"):
        _stacks[stack]["StackStatus"] = status.replace("_COMPLETE", "_IN_PROGRESS")
        _await(record, ready, stack_id, stack, set(waiting))
        _stacks[stack]["StackStatus"] = status
    elif waiting and status.endswith("_IN_PROGRESS"):
        definition = _stacks[stack]["_template"]["Resources"].get(logical_id) or {}
        _await(record, ready, stack_id, stack, _extract_deps(definition, set(waiting)))
    record(*event, **more)


def _await(record: Event, ready: Callable[[Any], bool], stack_id: str, stack: str, names: set[str]) -> None:
    """Wait for some services of a stack and report each as it settles."""
    waiting = services.settling[stack]
    verb = _stacks[stack]["StackStatus"].partition("_")[0]
    while names & set(waiting):
        for name in sorted(names & set(waiting)):
            judged = services.verdict(waiting[name], ready)
            if judged.failure:
                del services.settling[stack]
                record(stack_id, stack, name, services.KIND, f"{verb}_FAILED", judged.failure)
                for other in sorted(set(waiting) - {name}):
                    reason = f"Resource {'creation' if verb == 'CREATE' else 'update'} cancelled"
                    record(stack_id, stack, other, services.KIND, f"{verb}_FAILED", reason)
                raise ValueError(f"The following resource(s) failed to {verb.lower()}: [{name}]. {judged.failure}")
            if judged.settled:
                del waiting[name]
                record(stack_id, stack, name, services.KIND, f"{verb}_COMPLETE")
        time.sleep(services.POLL_SECONDS)


def _failed_child(parent: str, logical_id: str) -> dict[str, Any] | None:
    """The child a failed creation left behind."""
    for name, stack in _stacks.items():
        ours = stack.get("_parent_stack_name") == parent and name.startswith(f"{parent}-{logical_id}-")
        if ours and stack["StackStatus"] in ("CREATE_IN_PROGRESS", "CREATE_FAILED"):
            found: dict[str, Any] = stack
            return found
    return None


def _fail(child: dict[str, Any], status: str, reason: str) -> None:
    services.settling.pop(child["StackName"], None)
    child.update(StackStatus=status, StackStatusReason=reason)
    stacks._add_event(child["StackId"], child["StackName"], child["StackName"], KIND, status, reason, child["StackId"])


def _keeps_failures(stack: str) -> bool:
    """Whether the operation was told to leave failures for a person to look at."""
    parent = _stacks[stack]
    while parent.get("_parent_stack_name"):
        parent = _stacks[parent["_parent_stack_name"]]
    return bool(parent.get("DisableRollback"))


def delete_child(child: dict[str, Any]) -> None:
    """Delete a nested stack's resources in reverse order, as their policies say, services side by side.

    Raises:
        ValueError: some resources could not be deleted; they stay in the stack.
    """
    child["StackStatus"] = "DELETE_IN_PROGRESS"
    name, identity = child["StackName"], child["StackId"]
    stacks._add_event(identity, name, name, KIND, "DELETE_IN_PROGRESS", physical_id=identity)
    definitions = child["_template"]["Resources"]
    leaving = services.Draining()
    token = services.draining.set(leaving)
    failed = []
    try:
        for logical_id in reversed(_topological_sort(definitions, child["_conditions"])):
            resource = child["_resources"].get(logical_id)
            if resource is None:
                continue
            if resource["ResourceType"] not in LET_RUN:
                leaving.finish()
            if not _delete_resource(child, logical_id, definitions[logical_id], resource, leaving):
                failed.append(logical_id)
        leaving.finish()
    finally:
        services.draining.reset(token)
    if failed:
        reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]."
        _fail(child, "DELETE_FAILED", reason)
        raise ValueError(reason)
    child["StackStatus"] = "DELETE_COMPLETE"
    stacks._add_event(identity, name, name, KIND, "DELETE_COMPLETE", physical_id=identity)


def _in_order(delete: Callable[..., Any]) -> Callable[..., Any]:
    """Delete what nothing left depends on; MiniStack itself goes on to what a failed deletion still needs."""

    def delete_in_order(kind: str, physical_id: str, properties: Any, stack: str, logical_id: str) -> Any:
        held = _stacks.get(stack) or {}
        if held.get("StackStatus") == "DELETE_IN_PROGRESS" and _is_needed(held, logical_id):
            raise ValueError("Resource deletion cancelled: what could not be deleted depends on it")
        return delete(kind, physical_id, properties, stack, logical_id)

    return delete_in_order


def _is_needed(stack: dict[str, Any], logical_id: str) -> bool:
    """Whether something that is still in a stack depends on a resource of it."""
    definitions, left = stack["_template"]["Resources"], set(stack["_resources"]) - {logical_id}
    return any(logical_id in _extract_deps(definitions.get(other) or {}, {logical_id}) for other in left)


def _delete_resource(
    child: dict[str, Any], logical_id: str, definition: Any, resource: dict[str, Any], leaving: services.Draining
) -> bool:
    """Delete or leave one resource and record what happened; whether it is off the stack."""
    kind, physical_id, properties = (resource[part] for part in ("ResourceType", "PhysicalResourceId", "Properties"))
    name, identity = child["StackName"], child["StackId"]
    mappings = child["_template"].get("Mappings", {})
    given = (child["_resources"], child["_resolved_params"], child["_conditions"], mappings, name, identity)
    policy = stacks._resource_policy(definition, "DeletionPolicy", *given)

    def record(status: str, reason: str = "") -> None:
        stacks._add_event(identity, name, logical_id, kind, status, reason, physical_id)

    if policy in stacks._RETAINING_POLICIES:
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
    except Exception as error:  # noqa: BLE001  whatever a handler raises is the reason the person reads
        record("DELETE_FAILED", str(error))
        resource.update(ResourceStatus="DELETE_FAILED", ResourceStatusReason=str(error))
        return False
    leaving.reports.append(lambda: record("DELETE_COMPLETE"))
    if kind not in LET_RUN:
        leaving.finish()
    del child["_resources"][logical_id]
    return True
