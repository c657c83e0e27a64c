"""The promises of rehearsal/emulator/iam/api_call.py."""

import json
from collections.abc import Mapping

import pytest

from rehearsal.emulator.api.signed_request import Signature, SignedRequest
from rehearsal.emulator.iam.api_call import ApiCall, keys_of, read, s3_action_of

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def call(
    service: str, line: str, headers: Mapping[str, str] | None = None, body: bytes = b"", query: str = ""
) -> ApiCall:
    """Return the call of a request, given by its method and path."""
    method, path = line.split()
    signature = Signature(
        access_key="key",
        date="20261128",
        region="eu-central-1",
        service=service,
        headers=("host",),
        value="",
        timestamp="",
    )
    request = SignedRequest(method=method, path=path, query=query, headers=headers or {}, body=body)
    return read(request, signature, "123456789012")


def test_a_call_in_json_is_named_by_its_target() -> None:
    """The parameters are those of the body, whatever the case of their names."""
    target = {"x-amz-target": "AmazonEC2ContainerServiceV20141113.RunTask"}
    found = call("ecs", "POST /", target, json.dumps({"taskDefinition": "worker", "tasks": ["a", "b"]}).encode())
    assert (found.action, found.service, found.operation) == ("ecs:RunTask", "ecs", "RunTask")
    assert (found.values("TaskDefinition"), found.values("tasks")) == (("worker",), ("a", "b"))


def test_a_call_in_a_form_has_its_lists() -> None:
    """EC2 numbers the entries of a list, other services put `member` before the number."""
    found = call("ec2", "POST /", FORM, b"Action=DescribeVpcs&VpcId.1=vpc-1&VpcId.2=vpc-2")
    assert (found.action, found.values("VpcId")) == ("ec2:DescribeVpcs", ("vpc-1", "vpc-2"))
    found = call("iam", "POST /", FORM, b"Action=TagRole&RoleName=web&TagKeys.member.1=team")
    assert (found.action, found.values("TagKeys")) == ("iam:TagRole", ("team",))


@pytest.mark.parametrize(
    ("line", "query", "action"),
    [
        ("GET /", "", "s3:ListAllMyBuckets"),
        ("HEAD /code", "", "s3:ListBucket"),
        ("GET /code", "list-type=2&prefix=dags%2F", "s3:ListBucket"),
        ("GET /code", "versions", "s3:ListBucketVersions"),
        ("GET /code", "encryption", "s3:GetEncryptionConfiguration"),
        ("GET /code/dags/a%20b.py", "", "s3:GetObject"),
        ("PUT /code/dags/a.py", "x-id=PutObject", "s3:PutObject"),
        ("PUT /code/dags/a.py", "partNumber=1&uploadId=x", "s3:PutObject"),
    ],
)
def test_a_call_of_s3_is_named_by_the_action_that_it_needs(line: str, query: str, action: str) -> None:
    """S3 tells its operations apart by the query, and their actions have other names."""
    assert call("s3", line, query=query).action == action


def test_a_call_of_s3_has_bucket_and_key() -> None:
    """Decoded, as policies write them."""
    found = call("s3", "GET /code/dags/a%20b.py")
    assert (found.values("Bucket"), found.values("Key")) == (("code",), ("dags/a b.py",))


def test_the_condition_of_a_write_is_a_parameter() -> None:
    """Bucket policies may demand it."""
    found = call("s3", "PUT /code/a.json", {"if-none-match": "*"})
    assert (found.values("If-None-Match"), found.values("If-Match")) == (("*",), ())


def test_deleted_objects_are_named_in_the_body() -> None:
    """Each of them needs the right to delete it."""
    body = b"<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;c</Key></Object></Delete>"
    found = call("s3", "POST /code", body=body, query="delete")
    assert (found.action, found.values("Key")) == ("s3:DeleteObject", ("a", "b&c"))


@pytest.mark.parametrize(
    ("service", "line", "action"),
    [
        ("elasticfilesystem", "POST /2015-02-01/mount-targets", "elasticfilesystem:CreateMountTarget"),
        ("scheduler", "PUT /schedules/night", "scheduler:UpdateSchedule"),
        ("route53", "POST /2013-04-01/hostedzone/Z1/rrset/", "route53:ChangeResourceRecordSets"),
    ],
)
def test_a_call_of_a_rest_service_is_found_by_its_path(service: str, line: str, action: str) -> None:
    """With the parameters in the path."""
    assert call(service, line).action == action


def test_what_cannot_be_read_is_unknown() -> None:
    """It is refused later: nobody knows who may call it."""
    assert call("ecs", "GET /nowhere").action == "ecs:UnknownOperation"
    assert call("nothing", "GET /nowhere").action == "nothing:UnknownOperation"


def test_an_operation_of_s3_has_the_name_of_its_action() -> None:
    """Operations without an entry have an action of their own name."""
    assert (s3_action_of("HeadObject"), s3_action_of("GetBucketPolicy")) == ("GetObject", "GetBucketPolicy")


def test_a_body_without_keys_names_no_object() -> None:
    """As all bodies but those of DeleteObjects."""
    assert keys_of(b"") == ()
