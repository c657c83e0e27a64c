"""CloudFormation validates a change set before it is ready, and tells what it found by DescribeEvents.

Sources: "Validate stack deployments", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html; the words of a failure:
https://github.com/aws/aws-cdk-cli/issues/1000; of its events: https://github.com/aws-cloudformation/rain/pull/744;
quotas are a warning: https://github.com/aws/agent-toolkit-for-aws/pull/144 (its name there is not documented).
"""
# ruff: noqa: SLF001  what needs correcting is not public

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import _change_sets, changesets, helpers

from rehearsal.emulator.patches.nested_change_sets import NESTED_FAILED, PARENT
from rehearsal.emulator.patches.quotas import STORES
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.rules import quotas

EVENTS = "_validation_events"
"""Where a change set's record keeps them."""
EXISTS = "Resource of type '{type}' with identifier '{name}' already exists."
FAILED = (
    "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early "
    "Validation errors, use the DescribeEvents API for detailed failure information."
)

Answering = Callable[[dict[str, Any]], Any]
Event = dict[str, str]


def apply() -> None:
    """Validate each change set that is made, those of nested stacks first; this comes after nested_change_sets."""
    rebind_action(cloudformation, "CreateChangeSet", _validating)
    rebind_action(cloudformation, "DescribeEvents", _describing)


def _validating(create: Answering) -> Answering:
    def create_and_validate(request: dict[str, Any]) -> Any:
        before = set(_change_sets)
        answer = create(request)
        for arn in reversed([one for one in _change_sets if one not in before]):  # a root is made before its children
            _validate(_change_sets[arn])
        return answer

    return create_and_validate


def _describing(describe: Answering) -> Answering:
    def describe_change_set(request: dict[str, Any]) -> Any:
        asked = helpers._p(request, "ChangeSetName")
        if not asked:
            return describe(request)
        found = changesets._find_change_set(asked, helpers._p(request, "StackName"))[1] or {}
        page, token, error = helpers._page(found.get(EVENTS, []), request, "DescribeEvents")
        if error:
            return error
        members = "".join(f"<member>{_xml(event)}</member>" for event in page)
        result = f"<DescribeEventsResult><OperationEvents>{members}</OperationEvents>{token}</DescribeEventsResult>"
        return helpers._xml(200, "DescribeEventsResponse", result)

    return describe_change_set


def _validate(change_set: dict[str, Any]) -> None:
    if change_set["Status"] != "CREATE_COMPLETE":
        return
    operation = str(uuid.uuid4())
    errors = [_event(change_set, operation, "FAIL", **found) for found in _conflicts(change_set)]
    warnings = [_event(change_set, operation, "WARN", **found) for found in _over_quota(change_set)]
    change_set[EVENTS] = [*errors, *warnings]
    if errors:
        _fail(change_set, FAILED)


def _fail(change_set: dict[str, Any], reason: str) -> None:
    change_set.update(Status="FAILED", StatusReason=reason, ExecutionStatus="UNAVAILABLE")
    if parent := _change_sets.get(change_set.get(PARENT)):
        _fail(parent, NESTED_FAILED.format(arn=change_set["ChangeSetId"]))


def _conflicts(change_set: dict[str, Any]) -> Iterator[Event]:
    """Yield the resources that are to be created under a name that is taken."""
    where = (change_set["StackName"], change_set["StackId"])
    resolved = changesets._resolve_props_for_diff(change_set["_template"], change_set["_resolved_params"], *where)
    for entry in changesets._existing_resources(change_set["Changes"], resolved):
        name = "|".join(entry["ResourceIdentifier"].values())
        yield {
            "LogicalResourceId": entry["LogicalResourceId"],
            "ResourceType": entry["ResourceType"],
            "ValidationName": "NAME_CONFLICT_VALIDATION",
            "ValidationPath": f"/Resources/{entry['LogicalResourceId']}",
            "ValidationStatusReason": EXISTS.format(type=entry["ResourceType"], name=name),
        }


def _over_quota(change_set: dict[str, Any]) -> Iterator[Event]:
    """Yield the quotas that have no room for what is to be created."""
    changes = [change["ResourceChange"] for change in change_set["Changes"]]
    added = Counter(change["ResourceType"] for change in changes if change["Action"] == "Add")
    for quota in quotas.COUNTED:
        if added[quota.type] and len(STORES[quota.type]) + added[quota.type] > quota.value:
            yield {
                "ResourceType": quota.type,
                "ValidationName": "SERVICE_QUOTA_VALIDATION",
                "ValidationStatusReason": f"The quota {quota.name} ({quota.value:g}) leaves no room for this resource.",
            }


def _event(change_set: dict[str, Any], operation: str, mode: str, **found: str) -> Event:
    return {
        "EventId": str(uuid.uuid4()),
        "StackId": change_set["StackId"],
        "OperationId": operation,
        "OperationType": "CREATE_CHANGESET",
        "OperationStatus": "FAILED",
        "EventType": "VALIDATION_ERROR",
        "Timestamp": now_iso(),
        "ValidationFailureMode": mode,
        "ValidationStatus": "FAILED",
        **found,
    }


def _xml(event: Event) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in event.items())
