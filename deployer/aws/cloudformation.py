"""Reads and changes stacks: change sets, executions, events and deletions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.aws.errors import AwsRefusal
from deployer.aws.stacks import Change, ChangeSet, DriftDetection, Event, PropertyDrift, Resource, ResourceDrift, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.literals import CapabilityType, ChangeSetTypeType
    from mypy_boto3_cloudformation.type_defs import (
        DescribeChangeSetOutputTypeDef,
        OperationEventTypeDef,
        ResourceChangeTypeDef,
        StackEventTypeDef,
        StackResourceDriftTypeDef,
        StackTypeDef,
    )

_CAPABILITIES: tuple[CapabilityType, ...] = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")


@dataclass(frozen=True)
class CloudFormation:
    """CloudFormation in one region."""

    client: CloudFormationClient

    def stack(self, name: str) -> Stack | None:
        """Return the stack with this name or ARN, or None when there is none; a deleted one is found by ARN only."""
        try:
            found = self.client.describe_stacks(StackName=name)["Stacks"]
        except AwsRefusal as error:
            if _absent(error):
                return None
            raise
        return _stack(found[0]) if found else None

    def stacks_of_account(self) -> tuple[Stack, ...]:
        """Return every stack of the account in this region."""
        pages = self.client.get_paginator("describe_stacks").paginate()
        return tuple(_stack(found) for page in pages for found in page["Stacks"])

    def create_change_set(
        self,
        stack: str,
        name: str,
        kind: ChangeSetTypeType,
        *,
        parameters: Mapping[str, str],
        tags: Mapping[str, str],
        body: str | None = None,
        url: str | None = None,
        role: str | None = None,
        reverts_drift: bool = False,
    ) -> str:
        """Ask for a change set over the stack and its nested stacks and return its ARN; it is not ready yet.

        CloudFormation works on the stack with `role` from then on, where one is given. With `reverts_drift` it compares
        with what there is, not with what it made: "Using drift-aware change sets", AWS CloudFormation User Guide,
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
        """
        source: dict[str, Any] = {"TemplateURL": url} if url else {"TemplateBody": body}
        acting: dict[str, Any] = {"RoleARN": role} if role else {}
        if reverts_drift:
            acting["DeploymentMode"] = "REVERT_DRIFT"
        answer = self.client.create_change_set(
            StackName=stack,
            ChangeSetName=name,
            ChangeSetType=kind,
            ClientToken=name,
            IncludeNestedStacks=True,
            Capabilities=_CAPABILITIES,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            **source,
            **acting,
        )
        return answer["Id"]

    def change_set(self, arn: str) -> ChangeSet:
        """Return the change set with all its changes."""
        page = self.client.describe_change_set(ChangeSetName=arn)
        changes = [_change(entry["ResourceChange"]) for entry in page["Changes"] if "ResourceChange" in entry]
        first = page
        while token := page.get("NextToken"):
            page = self.client.describe_change_set(ChangeSetName=arn, NextToken=token)
            changes += [_change(entry["ResourceChange"]) for entry in page["Changes"] if "ResourceChange" in entry]
        return _change_set(first, tuple(changes))

    def validation_findings(self, change_set: str) -> tuple[str, ...]:
        """Return what CloudFormation's validation found, errors and warnings; empty where the service cannot tell."""
        try:
            events = tuple(self._operation_events(change_set))
        except AwsRefusal:
            return ()  # a newer call, which callers and stand-ins of AWS may lack; the change set's own reason remains
        return tuple(_finding(event) for event in events if event.get("EventType") == "VALIDATION_ERROR")

    def _operation_events(self, change_set: str) -> Iterator[OperationEventTypeDef]:
        page = self.client.describe_events(ChangeSetName=change_set)
        yield from page["OperationEvents"]
        while token := page.get("NextToken"):
            page = self.client.describe_events(ChangeSetName=change_set, NextToken=token)
            yield from page["OperationEvents"]

    def delete_change_set(self, arn: str) -> None:
        """Delete a change set; one that is gone already is no error."""
        try:
            self.client.delete_change_set(ChangeSetName=arn)
        except AwsRefusal as error:
            if not _absent(error):
                raise

    def execute_change_set(self, arn: str, token: str, *, first: bool) -> None:
        """Start the execution; `first` says that it creates the stack, so that a failure retains nothing."""
        self.client.execute_change_set(
            ChangeSetName=arn, ClientRequestToken=token, DisableRollback=False, RetainExceptOnCreate=first
        )

    def delete_stack(self, stack_id: str, token: str, role: str | None = None) -> None:
        """Start the deletion; without a role CloudFormation takes the one that it has worked with before."""
        acting: dict[str, Any] = {"RoleARN": role} if role else {}
        self.client.delete_stack(StackName=stack_id, ClientRequestToken=token, **acting)

    def continue_rollback(self, stack_id: str, skip: tuple[str, ...] = ()) -> None:
        """Start again a rollback that failed; `skip` are the resources that it leaves as they are."""
        more: dict[str, Any] = {"ResourcesToSkip": list(skip)} if skip else {}
        self.client.continue_update_rollback(StackName=stack_id, **more)

    def events(self, stack_id: str) -> Iterator[Event]:
        """Yield the stack's history, newest first, fetching older pages only when they are iterated."""
        token = ""
        while True:
            page = (
                self.client.describe_stack_events(StackName=stack_id, NextToken=token)
                if token
                else self.client.describe_stack_events(StackName=stack_id)
            )
            for event in page["StackEvents"]:
                yield _event(event)
            token = page.get("NextToken", "")
            if not token:
                return

    def resources(self, stack_id: str) -> tuple[Resource, ...]:
        """Return the resources of one stack, without those of its nested stacks."""
        pages = self.client.get_paginator("list_stack_resources").paginate(StackName=stack_id)
        return tuple(
            Resource(
                logical_id=entry["LogicalResourceId"],
                physical_id=entry.get("PhysicalResourceId", ""),
                type=entry["ResourceType"],
                status=entry["ResourceStatus"],
                reason=entry.get("ResourceStatusReason", ""),
                stack_id=stack_id,
            )
            for page in pages
            for entry in page["StackResourceSummaries"]
        )

    def template(self, stack_id: str) -> str:
        """Return the deployed template as it was handed in."""
        body = self.client.get_template(StackName=stack_id, TemplateStage="Original")["TemplateBody"]
        return body if isinstance(body, str) else str(body)

    def exports(self) -> Mapping[str, str]:
        """Return what every stack of the account exports in this region: each value by its name."""
        pages = self.client.get_paginator("list_exports").paginate()
        return {one["Name"]: one["Value"] for page in pages for one in page["Exports"]}

    def importers(self, export: str) -> tuple[str, ...]:
        """Return the names of the stacks that import an export; none where nobody does, or where it is not there."""
        try:
            pages = [*self.client.get_paginator("list_imports").paginate(ExportName=export)]
        except AwsRefusal as error:
            if error.code == "ValidationError" and "is not imported" in str(error):
                return ()
            raise
        return tuple(name for page in pages for name in page["Imports"])

    def detect_drift(self, stack_id: str) -> str:
        """Let CloudFormation look at the resources of one stack, not of its nested stacks; return the detection."""
        return self.client.detect_stack_drift(StackName=stack_id)["StackDriftDetectionId"]

    def drift_detection(self, detection: str) -> DriftDetection:
        """Return how far a detection is."""
        answer = self.client.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        return DriftDetection(status=answer["DetectionStatus"], reason=answer.get("DetectionStatusReason", ""))

    def drifts(self, stack_id: str) -> tuple[ResourceDrift, ...]:
        """Return the resources of one stack that its last detection found changed or deleted."""
        found: list[ResourceDrift] = []
        more: dict[str, Any] = {}
        while True:
            page = self.client.describe_stack_resource_drifts(
                StackName=stack_id, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"], **more
            )
            found += map(_drift, page["StackResourceDrifts"])
            if not page.get("NextToken"):
                return tuple(found)
            more = {"NextToken": page["NextToken"]}


def _drift(found: StackResourceDriftTypeDef) -> ResourceDrift:
    return ResourceDrift(
        logical_id=found["LogicalResourceId"],
        type=found["ResourceType"],
        deleted=found["StackResourceDriftStatus"] == "DELETED",
        properties=tuple(
            PropertyDrift(
                path=one["PropertyPath"].strip("/").replace("/", "."),
                expected=one["ExpectedValue"],
                actual=one["ActualValue"],
            )
            for one in found.get("PropertyDifferences", [])
        ),
    )


def _finding(event: OperationEventTypeDef) -> str:
    subject = event.get("ValidationPath") or event.get("LogicalResourceId") or event.get("ResourceType", "")
    return f"{subject}: {event.get('ValidationStatusReason', '')}"


def _absent(error: AwsRefusal) -> bool:
    return error.code in {"ChangeSetNotFound", "ChangeSetNotFoundException"} or (
        error.code == "ValidationError" and "does not exist" in str(error)
    )


def _stack(found: StackTypeDef) -> Stack:
    return Stack(
        id=found.get("StackId", ""),
        name=found["StackName"],
        status=found["StackStatus"],
        reason=found.get("StackStatusReason", ""),
        parameters={entry["ParameterKey"]: entry.get("ParameterValue", "") for entry in found.get("Parameters", [])},
        outputs={entry["OutputKey"]: entry.get("OutputValue", "") for entry in found.get("Outputs", [])},
        tags={entry["Key"]: entry["Value"] for entry in found.get("Tags", [])},
        created=found.get("CreationTime"),
        role=found.get("RoleARN", ""),
    )


def _change_set(page: DescribeChangeSetOutputTypeDef, changes: tuple[Change, ...]) -> ChangeSet:
    return ChangeSet(
        arn=page["ChangeSetId"],
        stack_id=page["StackId"],
        status=page["Status"],
        execution_status=page.get("ExecutionStatus", ""),
        reason=page.get("StatusReason", ""),
        changes=changes,
    )


def _change(change: ResourceChangeTypeDef) -> Change:
    return Change(
        action=change.get("Action", ""),
        logical_id=change.get("LogicalResourceId", ""),
        type=change.get("ResourceType", ""),
        physical_id=change.get("PhysicalResourceId", ""),
        replacement=change.get("Replacement", ""),
        policy_action=change.get("PolicyAction", ""),
        nested=change.get("ChangeSetId", ""),
    )


def _event(event: StackEventTypeDef) -> Event:
    return Event(
        id=event["EventId"],
        stack_id=event["StackId"],
        stack=event["StackName"],
        time=event["Timestamp"],
        logical_id=event.get("LogicalResourceId", ""),
        physical_id=event.get("PhysicalResourceId", ""),
        type=event.get("ResourceType", ""),
        status=event.get("ResourceStatus", ""),
        reason=event.get("ResourceStatusReason", ""),
    )
