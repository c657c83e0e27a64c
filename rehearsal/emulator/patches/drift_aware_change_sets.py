"""Change sets with `DeploymentMode: REVERT_DRIFT` make again what is gone, and take back what was changed by hand.

MiniStack ignores the option, and answers that there is nothing to change.

Sources: "Using drift-aware change sets", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html; CreateChangeSet
(DeploymentMode), DescribeChangeSet (StackDriftStatus) and ResourceChange (ResourceDriftStatus: "Add" for a resource
without a physical id), AWS CloudFormation API Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import _change_sets, _stacks, drift, helpers, provisioners, stacks

from rehearsal.emulator.patches import nested_change_sets
from rehearsal.emulator.patches.nested_change_sets import CHILDREN, OK, PARENT, RESULT, Action, Answer, ChangeSet
from rehearsal.emulator.patches.nested_changes import KIND, Change, Stack
from rehearsal.emulator.patches.rebinding import rebind_action

MODE, REVERT = "DeploymentMode", "REVERT_DRIFT"
DRIFTS = "_drifts"
"""Where a change set's record keeps the drift of each resource when it was made."""
DELETED, MODIFIED = "DELETED", "MODIFIED"
UNSEEN = "_drift_below"
"""A property that makes the record of a nested stack differ, so that CloudFormation looks into it."""


def apply() -> None:
    """Wrap the calls about change sets; this comes after the correction that makes the nested ones."""
    rebind_action(cloudformation, "CreateChangeSet", _creating)
    rebind_action(cloudformation, "DescribeChangeSet", _describing)
    rebind_action(cloudformation, "ExecuteChangeSet", _executing)


def _creating(create: Action) -> Action:
    def create_reverting(request: dict[str, Any]) -> Answer:
        mode = helpers._p(request, MODE)
        if mode and mode != REVERT:
            reason = f"Value '{mode}' at 'deploymentMode' failed to satisfy constraint: Member must satisfy enum value"
            return nested_change_sets.refusal(
                "ValidationError", f"1 validation error detected: {reason} set: [{REVERT}]"
            )
        answer = create(request)
        if answer[0] == OK and mode:
            change_set = _change_sets[nested_change_sets.text_of(answer[2], "Id")]
            if DRIFTS not in change_set:
                _compare(change_set)
        return answer

    return create_reverting


def _describing(describe: Action) -> Action:
    def describe_drift(request: dict[str, Any]) -> Answer:
        status, headers, body = describe(request)
        change_set = nested_change_sets.asked(request)
        if status != OK or change_set is None or DRIFTS not in change_set:
            return status, headers, body
        drifted = "DRIFTED" if change_set[DRIFTS] else "IN_SYNC"
        own = f"<{MODE}>{REVERT}</{MODE}><StackDriftStatus>{drifted}</StackDriftStatus>"
        text = nested_change_sets.decoded(body).replace(RESULT, RESULT + own, 1)
        for logical_id, found in change_set[DRIFTS].items():
            name = f"<LogicalResourceId>{logical_id}</LogicalResourceId>"
            seen = f"<ResourceDriftStatus>{found['StackResourceDriftStatus']}</ResourceDriftStatus>"
            text = text.replace(name, name + seen, 1)
        return status, headers, text.encode()

    return describe_drift


def _executing(execute: Action) -> Action:
    def execute_reverting(request: dict[str, Any]) -> Answer:
        change_set = nested_change_sets.asked(request)
        ready = change_set is not None and change_set["ExecutionStatus"] == "AVAILABLE" and PARENT not in change_set
        if change_set is not None and ready and DRIFTS in change_set:
            for one in (change_set, *nested_change_sets.below(change_set)):
                _take_for_known(one)
        return execute(request)

    return execute_reverting


def _compare(change_set: ChangeSet) -> None:
    """Add what a change set reverts, its nested ones first: a parent has changes when a child has some."""
    children = [_change_sets[arn] for arn in change_set.get(CHILDREN, {}).values()]
    for child in children:
        _compare(child)
    stack = _stacks[change_set["StackName"]]
    change_set[DRIFTS] = {one["LogicalResourceId"]: one for one in _drifts(stack)}
    if change_set["Status"] == "FAILED" and change_set["StatusReason"] != nested_change_sets.NO_CHANGES:
        return
    listed = {one["ResourceChange"]["LogicalResourceId"]: one for one in change_set["Changes"]}
    for reverting in _changes(change_set["_template"], stack, change_set[DRIFTS]):
        logical_id = reverting["ResourceChange"]["LogicalResourceId"]
        if listed.get(logical_id, reverting)["ResourceChange"]["Action"] == "Modify":
            listed[logical_id] = _joined(listed.get(logical_id), reverting)
        listed.setdefault(logical_id, reverting)
    change_set["Changes"] = [listed[logical_id] for logical_id in sorted(listed)]
    nested_change_sets.conclude(change_set, stack)


def _drifts(stack: Stack) -> Iterator[dict[str, Any]]:
    """Yield the resources of a stack that are not as CloudFormation left them, and can be read."""
    for logical_id, resource in (stack.get("_resources") or {}).items():
        if drift.supports_drift(resource["ResourceType"]):
            found = drift.detect_resource_drift(stack, logical_id, resource, now_iso())
            if found["StackResourceDriftStatus"] in {DELETED, MODIFIED}:
                yield found


def _changes(template: Mapping[str, Any], stack: Stack, drifts: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what reverting makes of resources that the new template still has, and of those that refer to new ones."""
    definitions = template.get("Resources", {})
    new = {name: "Conditional" for name, one in drifts.items() if one["StackResourceDriftStatus"] == DELETED}
    for logical_id, definition in definitions.items():
        kind = definition["Type"]
        if logical_id in new:
            yield {"ResourceChange": {"Action": "Add", "LogicalResourceId": logical_id, "ResourceType": kind}}
            continue
        referring = stacks._reference_details(definition, new, ()).values()
        details = [*_reverted(kind, drifts.get(logical_id)), *(one for found in referring for one in found)]
        if details and logical_id in stack["_resources"]:
            yield {"ResourceChange": _modification(logical_id, stack["_resources"][logical_id], details)}


def _reverted(kind: str, found: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Yield a detail for each property that somebody changed."""
    paths = [one["PropertyPath"] for one in found["PropertyDifferences"]] if found else []
    for name in dict.fromkeys(path.split("/")[1] for path in paths):
        recreation = provisioners._property_recreation(kind, name)
        target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
        yield {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}


def _modification(logical_id: str, resource: Mapping[str, Any], details: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "Action": "Modify",
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": resource["PhysicalResourceId"],
        "ResourceType": resource["ResourceType"],
        "Replacement": stacks._replacement(details, type_changed=False),
        "Scope": ["Properties"],
        "Details": details,
    }


def _joined(planned: Change | None, reverting: Change) -> Change:
    """Return one change for what the template and reverting change of a resource."""
    if planned is None:
        return reverting
    change, more = planned["ResourceChange"], reverting["ResourceChange"]
    if more["Action"] == "Add":
        return reverting
    details = [*change["Details"], *(one for one in more["Details"] if one not in change["Details"])]
    replacement = stacks._replacement(details, type_changed=False)
    scope = list(dict.fromkeys([*change["Scope"], *more["Scope"]]))
    return {"ResourceChange": {**change, "Details": details, "Replacement": replacement, "Scope": scope}}


def _take_for_known(change_set: ChangeSet) -> None:
    """Let the record of a stack say what there is: the update then starts there, and a rollback ends there."""
    resources = _stacks[change_set["StackName"]]["_resources"]
    for logical_id, found in change_set[DRIFTS].items():
        if found["StackResourceDriftStatus"] == DELETED:
            resources.pop(logical_id, None)
        elif logical_id in resources:
            actual = json.loads(found["ActualProperties"])
            known = resources[logical_id]
            resources[logical_id] = {**known, "Properties": {**known["Properties"], **actual}}
    for logical_id in change_set.get(CHILDREN, {}):
        if (nested := resources.get(logical_id, {})).get("ResourceType") == KIND:
            resources[logical_id] = {**nested, "Properties": {**nested["Properties"], UNSEEN: True}}
