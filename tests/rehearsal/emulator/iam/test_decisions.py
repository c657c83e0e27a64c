"""The promises of rehearsal/emulator/iam/decisions.py, in an emulator; test_authorizer.py has those about calls."""

import json
import time

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.rules import refusals
from tests.rehearsal.emulator.iam.roles import add_role, allow, client, document
from tests.rehearsal.yard import REGION, Yard

pytestmark = pytest.mark.rehearsal


def test_a_changed_policy_holds_from_the_next_call_on(yard: Yard) -> None:
    """A statement that is taken away is missing at once, and back at once."""
    role = add_role(yard, "changing", allow("s3:ListAllMyBuckets"))
    s3, iam = client(yard, "s3", role), yard.client("iam")
    assert s3.list_buckets()["Buckets"]
    iam.delete_role_policy(RoleName="changing", PolicyName="Granted")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_buckets()
    policy = document(allow("s3:ListAllMyBuckets"))
    iam.put_role_policy(RoleName="changing", PolicyName="Granted", PolicyDocument=policy)
    assert s3.list_buckets()["Buckets"]


def test_a_managed_policy_counts_like_an_inline_one(yard: Yard) -> None:
    """From the moment at which it is attached."""
    iam = yard.client("iam")
    policy = iam.create_policy(PolicyName="listing", PolicyDocument=document(allow("s3:ListAllMyBuckets")))["Policy"]
    s3 = client(yard, "s3", add_role(yard, "managed"))
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_buckets()
    iam.attach_role_policy(RoleName="managed", PolicyArn=policy["Arn"])
    assert s3.list_buckets()["Buckets"]


def test_who_may_ask_who_it_is_leaves_no_refusal(yard: Yard) -> None:
    """Nobody needs a right for that."""
    began = time.time()
    client(yard, "sts", add_role(yard, "asking")).get_caller_identity()
    assert not [one for one in refusals.read(yard.emulator.directory, since=began) if "/asking/" in one.who]


def test_a_bucket_policy_may_demand_conditional_writes(yard: Yard) -> None:
    """A write without a condition is refused; with it, it stores what is new and overwrites nothing.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """
    where = {"LocationConstraint": REGION}
    yard.client("s3").create_bucket(Bucket="kept", CreateBucketConfiguration=where)
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::kept/releases/*",
        "Condition": {"Null": {"s3:if-none-match": "true"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [refusal]})
    yard.client("s3").put_bucket_policy(Bucket="kept", Policy=policy)
    s3 = client(yard, "s3", add_role(yard, "pushing", allow("s3:PutObject")))
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        s3.put_object(Bucket="kept", Key="releases/a", Body=b"1")
    s3.put_object(Bucket="kept", Key="releases/a", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="kept", Key="releases/a", Body=b"2", IfNoneMatch="*")


def test_a_bucket_policy_may_refuse_roles_by_their_tag(yard: Yard) -> None:
    """Whatever their own policies grant; a role without the tag writes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    where = {"LocationConstraint": REGION}
    yard.client("s3").create_bucket(Bucket="tagged", CreateBucketConfiguration=where)
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::tagged/*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/acme:environment": "demo"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [refusal]})
    yard.client("s3").put_bucket_policy(Bucket="tagged", Policy=policy)
    tags = [{"Key": "acme:environment", "Value": "demo"}]
    inside = client(yard, "s3", add_role(yard, "inside", allow("s3:*"), Tags=tags))
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        inside.put_object(Bucket="tagged", Key="a", Body=b"1")
    client(yard, "s3", add_role(yard, "outside", allow("s3:*"))).put_object(Bucket="tagged", Key="a", Body=b"1")
