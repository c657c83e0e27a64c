"""The promises of rehearsal/emulator/patches/principal_arns.py, in an emulator."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.emulator.iam.roles import add_role, allow, client
from tests.rehearsal.yard import REGION, Yard

pytestmark = pytest.mark.rehearsal


def test_a_bucket_policy_knows_a_role_by_its_arn(yard: Yard) -> None:
    """In each of its sessions, with its path; another role of nearly the same name is refused.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    yard.client("s3").create_bucket(Bucket="listed", CreateBucketConfiguration={"LocationConstraint": REGION})
    listed = add_role(yard, "ci", allow("s3:*"), Path="/teams/data/")
    other = add_role(yard, "ci-2", allow("s3:*"), Path="/teams/data/")
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::listed/*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": [listed]}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [refusal]})
    yard.client("s3").put_bucket_policy(Bucket="listed", Policy=policy)
    client(yard, "s3", listed).put_object(Bucket="listed", Key="a", Body=b"1")
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        client(yard, "s3", other).put_object(Bucket="listed", Key="a", Body=b"1")
