"""A first creation that failed with its log bucket in use is deleted and made again, on the embedded AWS."""

from collections.abc import Iterator
from typing import Any

import pytest

from deployer.aws.session import open_session
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import RolloutFailure, roll_out
from tests.deployer.fakes.session import Recorder
from tests.rehearsal.yard import ACCOUNT, REGION, Yard, running_yard, template

pytestmark = pytest.mark.rehearsal

WRITER = {
    "Effect": "Allow",
    "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": {"Fn::Sub": "arn:aws:s3:::${Logs}/here/AWSLogs/${AWS::AccountId}/*"},
}
STORAGE: dict[str, Any] = {
    "Logs": {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
    },
    "Policy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Logs"},
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [WRITER]},
        },
    },
}


def _balancer(bucket: Any, **more: str) -> dict[str, Any]:
    said = {"enabled": "true", "bucket": bucket, "prefix": "here"}
    attributes = [{"Key": f"access_logs.s3.{key}", "Value": value} for key, value in said.items()]
    properties = {"Type": "application", "Scheme": "internal", "LoadBalancerAttributes": attributes}
    return {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": properties, **more}


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Start an embedded AWS."""
    with running_yard(tmp_path_factory.mktemp("yard") / "emulator") as yard:
        yield yard


def _target(yard: Yard, **more: Any) -> Target:
    """Return a root whose load balancer logs into the bucket of another nested stack, beside `more`."""
    edge = {"Balancer": _balancer({"Ref": "Bucket"}), **more}
    nested = {
        "Storage": yard.nested("storage.yaml", STORAGE, {"Bucket": {"Ref": "Logs"}}),
        "Edge": yard.nested(
            f"edge-{len(more)}.yaml", edge, given={"Bucket": {"Fn::GetAtt": ["Storage", "Outputs.Bucket"]}}
        ),
    }
    return Target(name="first", body=template(nested))


def test_a_failed_creation_whose_log_bucket_was_tried_is_made_again(yard: Yard) -> None:
    """Its rollback cannot delete the bucket, which holds what a load balancer tried it with; the next run can."""
    where, key = yard.emulator.endpoint_url, yard.emulator.secret_key
    session = open_session(REGION, endpoint_url=where, access_key=ACCOUNT, secret_key=key)
    refused = _balancer("nobody-has-this-bucket", DependsOn="Balancer")
    with pytest.raises(RolloutFailure, match="Access Denied for bucket"):
        roll_out(session, _target(yard, Refused=refused), Recorder())
    assert yard.status("first") == "ROLLBACK_FAILED"
    assert any("is not empty" in reason for _, _, reason in yard.events(_nested_id(yard, "Storage")))
    progress = Recorder()
    assert roll_out(session, _target(yard), progress).stack.status == "CREATE_COMPLETE"
    assert "left by a creation that failed; deleting it first." in progress.notes[0]


def _nested_id(yard: Yard, name: str) -> str:
    described = yard.client("cloudformation").describe_stack_resource(StackName="first", LogicalResourceId=name)
    return str(described["StackResourceDetail"]["PhysicalResourceId"])
