"""Stacks and change sets through the real client, answered by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deployer.aws.cloudformation import CloudFormation
from deployer.aws.errors import AwsRefusal
from deployer.aws.stacks import DriftDetection, PropertyDrift, ResourceDrift
from tests.deployer.aws.stub import stubbed

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ARN = "arn:aws:cloudformation:us-west-2:1:stack/demo/1"
SET = "arn:aws:cloudformation:us-west-2:1:changeSet/windsock-1/1"


def test_a_missing_stack_is_none() -> None:
    """AWS calls it a validation error."""
    client, stub = stubbed("cloudformation")
    stub.add_client_error("describe_stacks", "ValidationError", "Stack with id demo does not exist")
    assert CloudFormation(client).stack("demo") is None


def test_another_validation_error_is_an_error() -> None:
    """Only the message distinguishes the two."""
    client, stub = stubbed("cloudformation")
    stub.add_client_error("describe_stacks", "ValidationError", "1 validation error detected")
    with pytest.raises(AwsRefusal):
        CloudFormation(client).stack("demo")


def test_a_stack_is_read_whole() -> None:
    """Parameters, outputs and tags as mappings, and the role that CloudFormation goes on with."""
    client, stub = stubbed("cloudformation")
    found = {
        "StackId": ARN,
        "StackName": "demo",
        "CreationTime": NOW,
        "StackStatus": "CREATE_COMPLETE",
        "Parameters": [{"ParameterKey": "A", "ParameterValue": "1"}],
        "Outputs": [{"OutputKey": "Url", "OutputValue": "http://x"}],
        "Tags": [{"Key": "team", "Value": "data"}],
        "RoleARN": "arn:aws:iam::123456789012:role/deletion",
    }
    stub.add_response("describe_stacks", {"Stacks": [found]}, {"StackName": "demo"})
    stack = CloudFormation(client).stack("demo")
    assert stack is not None
    assert (stack.parameters, stack.outputs, stack.tags) == ({"A": "1"}, {"Url": "http://x"}, {"team": "data"})
    assert stack.role == "arn:aws:iam::123456789012:role/deletion"


def test_exports_have_their_values_by_name() -> None:
    """Those of all stacks."""
    client, stub = stubbed("cloudformation")
    found = [{"ExportingStackId": ARN, "Name": "team-Vpc", "Value": "vpc-1"}]
    stub.add_response("list_exports", {"Exports": found}, {})
    assert CloudFormation(client).exports() == {"team-Vpc": "vpc-1"}


def test_who_imports_an_export_is_named() -> None:
    """That nobody does, AWS calls a validation error."""
    client, stub = stubbed("cloudformation")
    stub.add_response("list_imports", {"Imports": ["demo", "demo-branch"]}, {"ExportName": "team-Vpc"})
    stub.add_client_error("list_imports", "ValidationError", "Export 'team-Vpc' is not imported by any stack.")
    stub.add_client_error("list_imports", "ValidationError", "1 validation error detected")
    seen = CloudFormation(client)
    assert seen.importers("team-Vpc") == ("demo", "demo-branch")
    assert seen.importers("team-Vpc") == ()
    with pytest.raises(AwsRefusal):
        seen.importers("team-Vpc")


def test_a_change_set_covers_nested_stacks() -> None:
    """The request says so, and asks for the capability to make roles."""
    client, stub = stubbed("cloudformation")
    url = "https://s3.us-west-2.amazonaws.com/b/k"
    expected = {
        "StackName": "demo",
        "ChangeSetName": "windsock-1",
        "ChangeSetType": "CREATE",
        "ClientToken": "windsock-1",
        "IncludeNestedStacks": True,
        "Capabilities": ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"),
        "Parameters": [{"ParameterKey": "A", "ParameterValue": "1"}],
        "Tags": [],
        "TemplateURL": url,
    }
    stub.add_response("create_change_set", {"Id": SET, "StackId": ARN}, expected)
    made = CloudFormation(client).create_change_set(
        "demo", "windsock-1", "CREATE", parameters={"A": "1"}, tags={}, url=url
    )
    assert made == SET


def test_cloudformation_works_with_the_role_that_is_given() -> None:
    """Whoever deploys then needs no permission but to hand it over; without one the parameter is left out."""
    client, stub = stubbed("cloudformation")
    role = "arn:aws:iam::123456789012:role/cloudformation"
    asked = {"StackName": ARN, "ClientRequestToken": "token"}
    stub.add_response("delete_stack", {}, {**asked, "RoleARN": role})
    stub.add_response("delete_stack", {}, asked)
    CloudFormation(client).delete_stack(ARN, "token", role)
    CloudFormation(client).delete_stack(ARN, "token")
    stub.assert_no_pending_responses()


def _page(logical_id: str, **more: Any) -> dict[str, Any]:
    change = {"Type": "Resource", "ResourceChange": {"Action": "Modify", "LogicalResourceId": logical_id}}
    answer = {"ChangeSetId": SET, "StackId": ARN, "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE"}
    return {**answer, "Changes": [change], **more}


def test_every_page_of_a_change_set_is_read() -> None:
    """The change that loses a database may stand on the last."""
    client, stub = stubbed("cloudformation")
    stub.add_response("describe_change_set", _page("A", NextToken="2"), {"ChangeSetName": SET})
    stub.add_response("describe_change_set", _page("B"), {"ChangeSetName": SET, "NextToken": "2"})
    changes = CloudFormation(client).change_set(SET).changes
    assert [change.logical_id for change in changes] == ["A", "B"]


@pytest.mark.parametrize("first", [True, False])
def test_a_first_execution_retains_nothing_on_failure(first: bool) -> None:  # noqa: FBT001  # parametrised
    """Otherwise a failed creation would leave what is to be retained, and its names collide next time."""
    client, stub = stubbed("cloudformation")
    expected = {
        "ChangeSetName": SET,
        "ClientRequestToken": "t",
        "DisableRollback": False,
        "RetainExceptOnCreate": first,
    }
    stub.add_response("execute_change_set", {}, expected)
    CloudFormation(client).execute_change_set(SET, "t", first=first)
    stub.assert_no_pending_responses()


def test_older_events_are_fetched_only_on_request() -> None:
    """A poll that finds an event it knows reads one page."""
    client, stub = stubbed("cloudformation")
    event = {"StackId": ARN, "StackName": "demo", "Timestamp": NOW}
    first = {"StackEvents": [{**event, "EventId": "2"}], "NextToken": "older"}
    stub.add_response("describe_stack_events", first, {"StackName": ARN})
    stub.add_response(
        "describe_stack_events", {"StackEvents": [{**event, "EventId": "1"}]}, {"StackName": ARN, "NextToken": "older"}
    )
    events = CloudFormation(client).events(ARN)
    assert next(events).id == "2"
    assert [event.id for event in events] == ["1"]


def test_every_page_of_a_validation_is_read() -> None:
    """The finding that matters may stand on the last; an event that is no finding is left out."""
    client, stub = stubbed("cloudformation")
    found = {"EventType": "VALIDATION_ERROR", "ValidationStatusReason": "it exists"}
    first = {"OperationEvents": [{**found, "ValidationPath": "/Resources/A"}, {"EventType": "STACK_EVENT"}]}
    stub.add_response("describe_events", {**first, "NextToken": "2"}, {"ChangeSetName": SET})
    last = {"OperationEvents": [{**found, "ResourceType": "AWS::EC2::VPC", "ValidationFailureMode": "WARN"}]}
    stub.add_response("describe_events", last, {"ChangeSetName": SET, "NextToken": "2"})
    findings = CloudFormation(client).validation_findings(SET)
    assert findings == ("/Resources/A: it exists", "AWS::EC2::VPC: it exists")


def test_validation_that_cannot_be_read_is_no_failure() -> None:
    """The role may lack the permission, or the service may not know the call."""
    client, stub = stubbed("cloudformation")
    stub.add_client_error("describe_events", "AccessDenied", "no")
    assert CloudFormation(client).validation_findings(SET) == ()


@pytest.mark.parametrize("code", ["ChangeSetNotFound", "ValidationError"])
def test_deleting_a_missing_change_set_is_no_failure(code: str) -> None:
    """It is gone already."""
    client, stub = stubbed("cloudformation")
    stub.add_client_error("delete_change_set", code, "ChangeSet does not exist")
    CloudFormation(client).delete_change_set(SET)


def test_every_page_of_stacks_is_read() -> None:
    """An account has more of them than one answer."""
    client, stub = stubbed("cloudformation")
    pages = [
        {"StackId": ARN, "StackName": name, "CreationTime": NOW, "StackStatus": "CREATE_COMPLETE"} for name in "ab"
    ]
    stub.add_response("describe_stacks", {"Stacks": pages[:1], "NextToken": "more"}, {})
    stub.add_response("describe_stacks", {"Stacks": pages[1:]}, {"NextToken": "more"})
    found = CloudFormation(client).stacks_of_account()
    assert [(stack.name, stack.created) for stack in found] == [("a", NOW), ("b", NOW)]


def test_a_detection_is_asked_until_it_has_ended() -> None:
    """With its reason, where it did not look at everything."""
    client, stub = stubbed("cloudformation")
    stub.add_response("detect_stack_drift", {"StackDriftDetectionId": "d-1"}, {"StackName": ARN})
    seen = {
        "StackId": ARN,
        "StackDriftDetectionId": "d-1",
        "DetectionStatus": "DETECTION_FAILED",
        "DetectionStatusReason": "Failed to detect drift on resource [Role]",
        "Timestamp": NOW,
    }
    stub.add_response("describe_stack_drift_detection_status", seen, {"StackDriftDetectionId": "d-1"})
    cloudformation = CloudFormation(client)
    detection = cloudformation.drift_detection(cloudformation.detect_drift(ARN))
    assert detection == DriftDetection(status="DETECTION_FAILED", reason="Failed to detect drift on resource [Role]")


def test_what_drifted_is_read_to_the_last_page() -> None:
    """Paths of properties become those of templates; a resource that is gone has none."""
    client, stub = stubbed("cloudformation")
    wanted = {"StackName": ARN, "StackResourceDriftStatusFilters": ["MODIFIED", "DELETED"]}
    service = {
        "StackId": ARN,
        "LogicalResourceId": "WebService",
        "ResourceType": "AWS::ECS::Service",
        "StackResourceDriftStatus": "MODIFIED",
        "Timestamp": NOW,
        "PropertyDifferences": [
            {
                "PropertyPath": "/DeploymentConfiguration/MaximumPercent",
                "ExpectedValue": "200",
                "ActualValue": "100",
                "DifferenceType": "NOT_EQUAL",
            }
        ],
    }
    bucket = {
        "StackId": ARN,
        "LogicalResourceId": "Bucket",
        "ResourceType": "AWS::S3::Bucket",
        "StackResourceDriftStatus": "DELETED",
        "Timestamp": NOW,
    }
    stub.add_response("describe_stack_resource_drifts", {"StackResourceDrifts": [service], "NextToken": "n"}, wanted)
    stub.add_response("describe_stack_resource_drifts", {"StackResourceDrifts": [bucket]}, {**wanted, "NextToken": "n"})
    changed = PropertyDrift(path="DeploymentConfiguration.MaximumPercent", expected="200", actual="100")
    assert CloudFormation(client).drifts(ARN) == (
        ResourceDrift(logical_id="WebService", type="AWS::ECS::Service", properties=(changed,)),
        ResourceDrift(logical_id="Bucket", type="AWS::S3::Bucket", deleted=True),
    )
