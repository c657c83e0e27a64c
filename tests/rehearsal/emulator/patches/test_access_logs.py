"""The promise of rehearsal/emulator/patches/access_logs.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
WRITER = "logdelivery.elasticloadbalancing.amazonaws.com"


def _templates(*, lets_in: bool, key: str = "") -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    bucket = {"Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": encryption} if key else {}}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": WRITER if lets_in else "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": {"Fn::Sub": "arn:aws:s3:::${Logs}/here/AWSLogs/${AWS::AccountId}/*"},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    properties = {"Bucket": {"Ref": "Logs"}, "PolicyDocument": document}
    said = {"enabled": "true", "bucket": {"Ref": "Logs"}, "prefix": "here"}
    balancer = {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "DependsOn": "Policy",
        "Properties": {
            "Type": "application",
            "Scheme": "internal",
            "LoadBalancerAttributes": [{"Key": f"access_logs.s3.{key}", "Value": value} for key, value in said.items()],
        },
    }
    return {**bucket, "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": properties}, "Balancer": balancer}


def test_a_load_balancer_tries_the_bucket_of_its_logs(yard: Yard) -> None:
    """It leaves an object there, so that the bucket is not empty any more."""
    stack = yard.create("logging", _templates(lets_in=True), outputs={"Bucket": {"Ref": "Logs"}})
    s3, bucket = yard.client("s3"), yard.output(stack, "Bucket")
    (tried,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert tried["Key"].startswith("here/AWSLogs/")
    assert tried["Key"].endswith("/ELBAccessLogTestFile")
    s3.delete_object(Bucket=bucket, Key=tried["Key"])
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_load_balancer_writes_to_no_bucket_with_a_customers_key(yard: Yard) -> None:
    """Although the policy of the bucket lets it in."""
    key = yard.client("kms").create_key()["KeyMetadata"]["Arn"]
    stack = yard.create("keyed-logging", _templates(lets_in=True, key=key))
    assert yard.status(stack) == "ROLLBACK_COMPLETE"
    assert any("Access Denied for bucket" in reason for _, _, reason in yard.events(stack))
