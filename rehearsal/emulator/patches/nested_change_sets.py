"""With `IncludeNestedStacks` each nested stack has a change set of its own, as CloudFormation makes them.

Sources: "Change sets for nested stacks", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html; CreateChangeSet,
DescribeChangeSet, DeleteChangeSet and ExecuteChangeSet, AWS CloudFormation API Reference; why a root fails:
https://github.com/aws/aws-sam-cli/issues/2406
"""
# ruff: noqa: SLF001  what needs correcting is not public

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import get_account_id, get_region, now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import _change_sets, _stack_events, _stacks, changesets, helpers, stacks

from rehearsal.emulator.patches import nested_changes
from rehearsal.emulator.patches.nested_changes import KIND, Change, Stack
from rehearsal.emulator.patches.rebinding import rebind_action

REVIEW = "REVIEW_IN_PROGRESS"
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
NESTED_FAILED = "Nested change set {arn} was not successfully created: Currently in FAILED."
PARENT, ROOT, CHILDREN = "_parent_change_set", "_root_change_set", "_nested_change_sets"
"""Where a change set's record keeps its place in the tree."""
OK = 200
RESULT = "<DescribeChangeSetResult>"

ChangeSet = dict[str, Any]
"""MiniStack's record of a change set."""
Answer = tuple[int, Any, Any]
Action = Callable[[dict[str, Any]], Answer]


def apply() -> None:
    """Wrap the calls about change sets, and the deletion of a stack that was never more than one."""
    rebind_action(cloudformation, "CreateChangeSet", _creating)
    rebind_action(cloudformation, "DescribeChangeSet", _describing)
    rebind_action(cloudformation, "ExecuteChangeSet", _executing)
    rebind_action(cloudformation, "DeleteChangeSet", _deleting)
    rebind_action(cloudformation, "DeleteStack", _deleting_stack)


def _creating(create: Action) -> Action:
    def create_tree(request: dict[str, Any]) -> Answer:
        answer = create(request)
        if answer[0] == OK and helpers._p(request, "IncludeNestedStacks", "false").lower() == "true":
            change_set = _change_sets[text_of(answer[2], "Id")]
            _include_nested(change_set, change_set["ChangeSetId"])
        return answer

    return create_tree


def _describing(describe: Action) -> Action:
    def describe_in_tree(request: dict[str, Any]) -> Answer:
        status, headers, body = describe(request)
        change_set = asked(request)
        if status != OK or change_set is None or ROOT not in change_set:
            return status, headers, body
        own = "<IncludeNestedStacks>true</IncludeNestedStacks>"
        if parent := change_set.get(PARENT):
            own += f"<ParentChangeSetId>{escape(parent)}</ParentChangeSetId>"
            own += f"<RootChangeSetId>{escape(change_set[ROOT])}</RootChangeSetId>"
        text = decoded(body).replace(RESULT, RESULT + own, 1)
        for logical_id, nested in change_set[CHILDREN].items():
            name = f"<LogicalResourceId>{escape(logical_id)}</LogicalResourceId>"
            text = text.replace(name, f"{name}<ChangeSetId>{escape(nested)}</ChangeSetId>", 1)
        return status, headers, text.encode()

    return describe_in_tree


def _executing(execute: Action) -> Action:
    def execute_root(request: dict[str, Any]) -> Answer:
        change_set = asked(request)
        if change_set is not None and PARENT in change_set:
            reason = f"ChangeSet [{change_set['ChangeSetId']}] is nested: execute {change_set[ROOT]}"
            return refusal("InvalidChangeSetStatus", reason)
        others = _change_sets_of(change_set["StackName"]) if change_set is not None else []
        answer = execute(request)
        for one in others if answer[0] == OK else ():
            _forget_nested(one)  # its stacks come into being under names of their own
        return answer

    return execute_root


def _deleting(delete: Action) -> Action:
    def delete_tree(request: dict[str, Any]) -> Answer:
        change_set = asked(request)
        if change_set is not None and PARENT in change_set:
            reason = f"ChangeSet [{change_set['ChangeSetId']}] is nested: delete {change_set[ROOT]}"
            return refusal("InvalidChangeSetStatus", reason)
        answer = delete(request)
        if answer[0] == OK and change_set is not None:
            _forget_nested(change_set)
        return answer

    return delete_tree


def _deleting_stack(delete: Action) -> Action:
    def delete_with_nested(request: dict[str, Any]) -> Answer:
        own = _change_sets_of(helpers._p(request, "StackName"))
        answer = delete(request)
        for change_set in own if answer[0] == OK else ():
            _forget_nested(change_set)
        return answer

    return delete_with_nested


def _include_nested(change_set: ChangeSet, root: str) -> None:
    """Make the change sets of all stacks below a change set, and say in it what they say."""
    change_set.update({ROOT: root, CHILDREN: {}})
    if change_set["Status"] == "FAILED" and change_set["StatusReason"] != NO_CHANGES:
        return
    stack = _stacks[change_set["StackName"]]
    plan = nested_changes.Plan(template=change_set["_template"], parameters=change_set["_resolved_params"], stack=stack)
    retagged = stacks._stack_tags_changed(stack, change_set["Tags"], change_set["_tags_given"])
    for logical_id, properties in plan.nested():
        nested = _make(change_set, logical_id, properties, retagged=retagged)
        change_set[CHILDREN][logical_id] = nested["ChangeSetId"]
        _include_nested(nested, root)
    conclude(change_set, stack)


def _make(parent: ChangeSet, logical_id: str, properties: dict[str, Any], *, retagged: bool) -> ChangeSet:
    """Make the change set of one nested stack; a stack that does not exist yet comes up for review."""
    deployed = _stacks[parent["StackName"]].get("_resources", {}).get(logical_id, {})
    existing = nested_changes.find(deployed.get("PhysicalResourceId"))
    stack = existing or _review(_stacks[parent["StackName"]], logical_id)
    name = f"{parent['ChangeSetName']}-{logical_id}-{_suffix()}"
    nested: ChangeSet = {
        **parent,
        "ChangeSetId": f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:changeSet/{name}/{uuid.uuid4()}",
        "ChangeSetName": name,
        "StackId": stack["StackId"],
        "StackName": stack["StackName"],
        "ChangeSetType": "UPDATE" if existing else "CREATE",
        PARENT: parent["ChangeSetId"],
    }
    nested.update(_planned(properties, stack, retagged=retagged))
    _change_sets[nested["ChangeSetId"]] = nested
    return nested


def _planned(properties: dict[str, Any], stack: Stack, *, retagged: bool) -> dict[str, Any]:
    try:
        plan = nested_changes.read(properties, stack)
        plan.refuse_looks()
        changes = nested_changes.changes(plan, retagged=retagged)
    except ValueError as error:
        empty: dict[str, Any] = {"_template": {}, "_resolved_params": {}, "Changes": [], "Parameters": []}
        return {**empty, "Status": "FAILED", "StatusReason": str(error), "ExecutionStatus": "UNAVAILABLE"}
    entries = [{"ParameterKey": key, "ParameterValue": one["Value"]} for key, one in plan.parameters.items()]
    return {
        "_template": plan.template,
        "_resolved_params": plan.parameters,
        "Parameters": entries,
        "Changes": changes,
        **_verdict(changed=bool(changes)),
    }


def _verdict(*, changed: bool) -> dict[str, str]:
    if changed:
        return {"Status": "CREATE_COMPLETE", "StatusReason": "", "ExecutionStatus": "AVAILABLE"}
    return {"Status": "FAILED", "StatusReason": NO_CHANGES, "ExecutionStatus": "UNAVAILABLE"}


def conclude(change_set: ChangeSet, stack: Stack) -> None:
    """List each nested stack in its parent; the parent fails with a child, and is empty when all of them are."""
    children = {logical_id: _change_sets[arn] for logical_id, arn in change_set.get(CHILDREN, {}).items()}
    failed = [one for one in children.values() if one["Status"] == "FAILED" and one["StatusReason"] != NO_CHANGES]
    if failed:
        reason = NESTED_FAILED.format(arn=failed[0]["ChangeSetId"])
        change_set.update(Status="FAILED", StatusReason=reason, ExecutionStatus="UNAVAILABLE")
    changed = bool(change_set["Changes"]) or any(one["Changes"] for one in children.values())
    listed = {one["ResourceChange"]["LogicalResourceId"] for one in change_set["Changes"]}
    if not failed:
        change_set.update(_verdict(changed=changed))
    if changed:
        automatic = [_automatic(logical_id, stack) for logical_id in children if logical_id not in listed]
        both = [*change_set["Changes"], *automatic]
        change_set["Changes"] = sorted(both, key=lambda one: one["ResourceChange"]["LogicalResourceId"])


def _automatic(logical_id: str, stack: Stack) -> Change:
    """Return the change of a nested stack whose template might have changed. Source: ResourceChangeDetail."""
    detail = {
        "Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
        "Evaluation": "Dynamic",
        "ChangeSource": "Automatic",
    }
    change = {
        "Action": "Modify",
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": stack["_resources"][logical_id]["PhysicalResourceId"],
        "ResourceType": KIND,
        "Replacement": "False",
        "Scope": ["Properties"],
        "Details": [detail],
    }
    return {"ResourceChange": change}


def _review(parent: Stack, logical_id: str) -> Stack:
    """Make the record of a nested stack that only a change set knows."""
    name = f"{parent['StackName']}-{logical_id}-{_suffix()}"
    arn = f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:stack/{name}/{uuid.uuid4()}"
    empty: Stack = {"_resources": {}, "_template": {}, "_template_body": "", "_resolved_params": {}, "_conditions": {}}
    stack: Stack = {
        **empty,
        "StackName": name,
        "StackId": arn,
        "StackStatus": REVIEW,
        "StackStatusReason": "",
        "CreationTime": now_iso(),
        "LastUpdatedTime": now_iso(),
        "Description": "",
        "Parameters": [],
        "Tags": list(parent.get("Tags") or []),
        "Outputs": [],
        "DisableRollback": False,
        "ParentId": parent["StackId"],
        "RootId": parent.get("RootId") or parent["StackId"],
        "_region": get_region(),
    }
    _stacks[name] = stack
    _stack_events[arn] = []
    stacks._add_event(arn, name, name, KIND, REVIEW, "", physical_id=arn)
    return stack


def _forget_nested(change_set: ChangeSet) -> None:
    """Remove the change sets below a change set, and the stacks that only they knew."""
    for nested in tuple(below(change_set)):
        _change_sets.pop(nested["ChangeSetId"], None)
        stack = _stacks.get(nested["StackName"])
        if stack is not None and stack["StackStatus"] == REVIEW:
            _stacks.pop(nested["StackName"], None)
            _stack_events.pop(nested["StackId"], None)
    change_set.pop(CHILDREN, None)
    change_set.pop(ROOT, None)


def below(change_set: ChangeSet) -> Iterator[ChangeSet]:
    """Yield the change sets below one, those of the deepest stacks first."""
    for arn in change_set.get(CHILDREN, {}).values():
        if nested := _change_sets.get(arn):
            yield from below(nested)
            yield nested


def _change_sets_of(stack: str) -> list[ChangeSet]:
    """Return the change sets of a stack, by its name or ARN; those that nobody executed are among them."""
    names = {one["StackName"] for one in _change_sets.values() if stack in {one["StackName"], one["StackId"]}}
    return [one for one in _change_sets.values() if one["StackName"] in names]


def asked(request: dict[str, Any]) -> ChangeSet | None:
    """Return the change set that a request names."""
    found: ChangeSet | None = changesets._find_change_set(
        helpers._p(request, "ChangeSetName"), helpers._p(request, "StackName")
    )[1]
    return found


def refusal(code: str, message: str) -> Answer:
    """Return the answer that refuses a request."""
    refused: Answer = helpers._error(code, message)
    return refused


def _suffix() -> str:
    return uuid.uuid4().hex[:13].upper()


def text_of(body: Any, element: str) -> str:
    """Return the text of the first element of this name in an answer, empty without one."""
    match = re.search(rf"<{element}>([^<]*)</{element}>", decoded(body))
    return match[1] if match else ""


def decoded(body: Any) -> str:
    """Return the body of an answer as text."""
    return body.decode() if isinstance(body, bytes) else str(body)
