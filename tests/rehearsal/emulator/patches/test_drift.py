"""The promises of rehearsal/emulator/patches/drift.py, in an emulator; its answers have the shapes of botocore."""

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tests.rehearsal.emulator.patches.test_listener_rules import listener_rule
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
MODEL = botocore.session.get_session().get_service_model("cloudformation")
CALLS = {
    "DetectStackDrift": "detect_stack_drift",
    "DescribeStackDriftDetectionStatus": "describe_stack_drift_detection_status",
    "DescribeStackResourceDrifts": "describe_stack_resource_drifts",
    "DetectStackResourceDrift": "detect_stack_resource_drift",
    "DescribeEvents": "describe_events",
}


def ask(yard: Yard, operation: str, **request: Any) -> dict[str, Any]:
    """Call CloudFormation; return what it answers, after a look at its shape."""
    answer = getattr(yard.client("cloudformation"), CALLS[operation])(**request)
    answer.pop("ResponseMetadata")
    shape = MODEL.operation_model(operation).output_shape
    assert shape is not None
    report = ParamValidator().validate(answer, shape)
    assert not report.has_errors(), report.generate_report()
    return dict(answer)


def detect(yard: Yard, stack: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Detect the drift of a stack; return its status, and the resources that were checked."""
    identity = ask(yard, "DetectStackDrift", StackName=stack)["StackDriftDetectionId"]
    status = ask(yard, "DescribeStackDriftDetectionStatus", StackDriftDetectionId=identity)
    assert status["DetectionStatus"] == "DETECTION_COMPLETE"
    drifts = ask(yard, "DescribeStackResourceDrifts", StackName=stack)["StackResourceDrifts"]
    return status["StackDriftStatus"], {one["LogicalResourceId"]: one for one in drifts}


def nested(yard: Yard, logical_id: str) -> str:
    """Return the id of a nested stack."""
    found = yard.client("cloudformation").describe_stack_resource(StackName="yard", LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def test_a_root_stack_says_nothing_of_its_nested_stacks(serving: Yard) -> None:
    """Each has to be asked itself."""
    status, checked = detect(serving, "yard")
    assert (status, checked) == ("IN_SYNC", {})


def test_a_service_that_somebody_scaled_has_drifted(serving: Yard) -> None:
    """The difference names the property, and both values."""
    ecs, where = serving.client("ecs"), {"cluster": serving.outputs["Cluster"], "service": serving.outputs["Web"]}
    stack = nested(serving, "Services")
    assert detect(serving, stack)[0] == "IN_SYNC"
    ecs.update_service(**where, desiredCount=2)
    try:
        status, checked = detect(serving, stack)
        one = checked["WebService"]
    finally:
        ecs.update_service(**where, desiredCount=1)
    (difference,) = one["PropertyDifferences"]
    assert (status, one["StackResourceDriftStatus"]) == ("DRIFTED", "MODIFIED")
    assert (difference["PropertyPath"], difference["ExpectedValue"], difference["ActualValue"]) == (
        "/DesiredCount",
        "1",
        "2",
    )


def test_a_database_that_somebody_changed_has_drifted(serving: Yard) -> None:
    """One resource can be asked alone."""
    rds, stack = serving.client("rds"), nested(serving, "Data")
    instance = serving.outputs["Instance"]
    before = rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]["DBInstanceClass"]
    rds.modify_db_instance(DBInstanceIdentifier=instance, DBInstanceClass="db.t4g.large", ApplyImmediately=True)
    try:
        drift = ask(serving, "DetectStackResourceDrift", StackName=stack, LogicalResourceId="Database")
    finally:
        rds.modify_db_instance(DBInstanceIdentifier=instance, DBInstanceClass=before, ApplyImmediately=True)
    found = drift["StackResourceDrift"]
    assert found["StackResourceDriftStatus"] == "MODIFIED"
    assert [one["PropertyPath"] for one in found["PropertyDifferences"]] == ["/DBInstanceClass"]


def test_what_somebody_deleted_has_drifted(yard: Yard) -> None:
    """A network that is gone is DELETED."""
    stack = yard.create("drifting", {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.8.0.0/16"}}})
    resource = yard.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="Vpc")
    yard.client("ec2").delete_vpc(VpcId=resource["StackResourceDetail"]["PhysicalResourceId"])
    status, checked = detect(yard, stack)
    assert (status, checked["Vpc"]["StackResourceDriftStatus"]) == ("DRIFTED", "DELETED")
    yard.delete(stack)


def test_a_rule_whose_hosts_somebody_changed_has_drifted(yard: Yard) -> None:
    """The difference leads to the host."""
    elbv2 = yard.client("elbv2")
    stack = yard.create("ruled", {"Rule": listener_rule(yard, 61, "one.example.org")})
    assert detect(yard, stack)[0] == "IN_SYNC"
    resource = yard.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="Rule")
    other = {"Field": "host-header", "HostHeaderConfig": {"Values": ["other.example.org"]}}
    elbv2.modify_rule(RuleArn=resource["StackResourceDetail"]["PhysicalResourceId"], Conditions=[other])
    status, checked = detect(yard, stack)
    paths = {one["PropertyPath"] for one in checked["Rule"]["PropertyDifferences"]}
    assert (status, paths) == ("DRIFTED", {"/Conditions/0/HostHeaderConfig/Values/0"})
    yard.delete(stack)


def test_a_secret_has_drifted_only_when_somebody_deletes_it(yard: Yard) -> None:
    """Its physical id is its ARN; one that waits for its deletion is gone."""
    secrets = yard.client("secretsmanager")
    stack = yard.create("secretive", {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {}}})
    assert detect(yard, stack)[0] == "IN_SYNC"
    (one,) = (found for found in secrets.list_secrets()["SecretList"] if "secretive" in found["Name"])
    secrets.delete_secret(SecretId=one["ARN"], RecoveryWindowInDays=7)
    status, checked = detect(yard, stack)
    assert (status, checked["Secret"]["StackResourceDriftStatus"]) == ("DRIFTED", "DELETED")
    secrets.restore_secret(SecretId=one["ARN"])
    yard.delete(stack)


def test_the_events_of_a_change_set_have_the_shape_of_the_api(yard: Yard) -> None:
    """With the warning of a quota or a name that is taken among them."""
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "templates"}}
    proposed = yard.propose("conflicting", {"Bucket": bucket})
    events = ask(yard, "DescribeEvents", ChangeSetName=proposed["ChangeSetId"])["OperationEvents"]
    assert [one["ValidationName"] for one in events] == ["NAME_CONFLICT_VALIDATION"]
    yard.client("cloudformation").delete_stack(StackName="conflicting")
