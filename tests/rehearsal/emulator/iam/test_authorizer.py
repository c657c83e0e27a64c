"""The promises of rehearsal/emulator/iam/authorizer.py, in an emulator: the calls of roles are allowed or refused."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.iam import usage
from rehearsal.emulator.rules import refusals
from tests.rehearsal.emulator.iam.roles import add_role, allow, client, document
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal
HERE = f"{REGION}:{ACCOUNT}"


def refused(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    """Return the code and the message with which a call is refused."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_role_without_policies_may_only_ask_who_it_is(yard: Yard) -> None:
    """In the words of each protocol: JSON, form, XML and EC2's own."""
    role = add_role(yard, "idle")
    who = f"arn:aws:sts::{ACCOUNT}:assumed-role/idle/test"
    assert client(yard, "sts", role).get_caller_identity()["Arn"] == who
    code, message = refused(client(yard, "secretsmanager", role).get_secret_value, SecretId="theirs")
    assert code == "AccessDeniedException"
    assert message == (
        f"User: {who} is not authorized to perform: secretsmanager:GetSecretValue on resource: "
        f"arn:aws:secretsmanager:{HERE}:secret:theirs-?????? because no identity-based policy allows the "
        "secretsmanager:GetSecretValue action"
    )
    assert refused(client(yard, "cloudformation", role).describe_stacks)[0] == "AccessDenied"
    assert refused(client(yard, "s3", role).list_buckets)[0] == "AccessDenied"
    assert refused(client(yard, "ec2", role).describe_vpcs)[0] == "UnauthorizedOperation"


def test_a_task_is_run_in_the_cluster_and_from_the_family_that_the_policy_names(yard: Yard) -> None:
    """And with the right to pass its roles to ECS tasks."""
    ecs = yard.client("ecs")
    cluster, other = yard.outputs["Cluster"], ecs.create_cluster(clusterName="other")["cluster"]["clusterName"]
    definition = ecs.describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    family = allow(
        "ecs:RunTask",
        on=f"arn:aws:ecs:{HERE}:task-definition/{definition['family']}:*",
        ArnEquals={"ecs:cluster": f"arn:aws:ecs:{HERE}:cluster/{cluster}"},
    )
    passing = allow(
        "iam:PassRole",
        on=definition["taskRoleArn"],
        StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"},
    )
    runner = client(yard, "ecs", add_role(yard, "runner", family, passing))
    overrides = {"containerOverrides": [{"name": "once", "command": ["true"]}]}
    run = {"taskDefinition": yard.outputs["Once"], "launchType": "FARGATE", "overrides": overrides, **yard.placed}
    (task,) = runner.run_task(cluster=cluster, **run)["tasks"]
    assert yard.reached(task["taskArn"], "STOPPED")["containers"][0]["exitCode"] == 0
    assert "ecs:RunTask" in refused(runner.run_task, cluster=other, **run)[1]
    assert "ecs:RunTask" in refused(runner.run_task, cluster=cluster, taskDefinition="stranger")[1]
    tagged = refused(runner.run_task, cluster=cluster, **run, tags=[{"key": "team", "value": "data"}])
    assert f"ecs:TagResource on resource: arn:aws:ecs:{HERE}:task/{cluster}/*" in tagged[1]
    tagged = refused(runner.run_task, cluster=cluster, **run, propagateTags="TASK_DEFINITION")
    assert "ecs:TagResource" in tagged[1]
    ecs.delete_cluster(cluster=other)


def test_a_role_that_may_not_be_passed_starts_no_task(yard: Yard) -> None:
    """A task may not get the rights of a role that its starter could not pass."""
    definition = yard.outputs["Once"]
    runner = client(yard, "ecs", add_role(yard, "without-pass", allow("ecs:RunTask")))
    _, message = refused(runner.run_task, cluster=yard.outputs["Cluster"], taskDefinition=definition)
    assert "iam:PassRole on resource: arn:aws:iam::" in message


def test_an_explicit_deny_wins(yard: Yard) -> None:
    """Over an allow of the same role."""
    denied = {"Effect": "Deny", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    role = add_role(yard, "denied", allow("s3:*"), denied)
    assert "with an explicit deny in an identity-based policy" in refused(client(yard, "s3", role).list_buckets)[1]


def test_a_bucket_policy_denies_whom_it_wants(yard: Yard) -> None:
    """A resource policy is judged with those of the principal."""
    s3 = yard.client("s3")
    s3.create_bucket(Bucket="closed", CreateBucketConfiguration={"LocationConstraint": REGION})
    role = add_role(yard, "reader", allow("s3:GetObject", on="arn:aws:s3:::closed/*"))
    s3.put_object(Bucket="closed", Key="open", Body=b"read me")
    reader = client(yard, "s3", role)
    assert reader.get_object(Bucket="closed", Key="open")["Body"].read() == b"read me"
    everybody: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "s3:*"}
    s3.put_bucket_policy(Bucket="closed", Policy=document({**everybody, "Resource": "arn:aws:s3:::closed/*"}))
    _, message = refused(reader.get_object, Bucket="closed", Key="open")
    assert "with an explicit deny in a resource-based policy" in message


def test_a_boundary_and_a_session_policy_limit_a_role(yard: Yard) -> None:
    """What they do not allow is refused, although the role allows it."""
    narrow = document(allow("s3:ListAllMyBuckets"))
    policy = yard.client("iam").create_policy(PolicyName="narrow", PolicyDocument=narrow)["Policy"]["Arn"]
    bounded = add_role(yard, "bounded", allow("*"), PermissionsBoundary=policy)
    free = add_role(yard, "free", allow("*"))
    assert client(yard, "s3", bounded).list_buckets()["Buckets"]
    assert refused(client(yard, "ec2", bounded).describe_vpcs)[0] == "UnauthorizedOperation"
    assert client(yard, "ec2", free).describe_vpcs()["Vpcs"]
    assert refused(client(yard, "ec2", free, Policy=narrow).describe_vpcs)[0] == "UnauthorizedOperation"


def test_a_role_is_assumed_by_whom_it_trusts(yard: Yard) -> None:
    """The right to assume it is not enough."""
    trusting = add_role(yard, "trusting", trust={"AWS": f"arn:aws:iam::{ACCOUNT}:role/friend"})
    stranger = client(yard, "sts", add_role(yard, "stranger", allow("sts:AssumeRole")))
    friend = client(yard, "sts", add_role(yard, "friend", allow("sts:AssumeRole")))
    assert refused(stranger.assume_role, RoleArn=trusting, RoleSessionName="test")[0] == "AccessDenied"
    assert friend.assume_role(RoleArn=trusting, RoleSessionName="test")["Credentials"]


def test_what_the_reference_does_not_have_is_refused(yard: Yard) -> None:
    """Also to an administrator: nobody could say which policy allows it."""
    ecs = yard.client("ecs")

    def rename(params: Any, **_: Any) -> None:
        params["headers"]["X-Amz-Target"] = "AmazonEC2ContainerServiceV20141113.FlyAway"

    ecs.meta.events.register("before-call.ecs.ListClusters", rename)
    code, message = refused(ecs.list_clusters)
    assert (code, "ecs:FlyAway" in message) == ("AccessDeniedException", True)


def test_a_refusal_is_on_record(yard: Yard) -> None:
    """With the principal, the action and the resource, so that a report can say which right is missing."""
    began = time.time()
    role = add_role(yard, "recorded", allow("s3:ListAllMyBuckets"))
    refused(client(yard, "ssm", role).get_parameter, Name="/demo/state")
    (recorded,) = [one for one in refusals.read(yard.emulator.directory, since=began) if "/recorded/" in one.who]
    assert (recorded.kind, recorded.what) == (refusals.Kind.PERMISSION, "ssm:GetParameter")
    assert recorded.resource == f"arn:aws:ssm:{HERE}:parameter/demo/state"


def test_a_statement_that_allowed_something_is_on_record(yard: Yard) -> None:
    """A statement without a record has allowed nothing, and may not be needed."""
    role = add_role(yard, "used", {**allow("s3:ListAllMyBuckets"), "Sid": "ListThem"})
    client(yard, "s3", role).list_buckets()
    uses = [(use.statement, use.action) for use in usage.read(yard.emulator.directory) if use.who.endswith("/used")]
    assert uses == [("ListThem", "s3:ListAllMyBuckets")]


def test_tags_of_a_resource_decide(yard: Yard) -> None:
    """Where the reference says that the action can be allowed by them."""
    ours = allow("ecs:DescribeClusters", Null={"aws:ResourceTag/team": "false"})
    ecs = yard.client("ecs")
    for name, tags in (("tagged", [{"key": "team", "value": "data"}]), ("bare", [])):
        ecs.create_cluster(clusterName=name, tags=tags)
    looking = client(yard, "ecs", add_role(yard, "looking", ours))
    assert looking.describe_clusters(clusters=["tagged"])["clusters"][0]["clusterName"] == "tagged"
    assert "cluster/bare" in refused(looking.describe_clusters, clusters=["bare"])[1]
    for name in ("tagged", "bare"):
        ecs.delete_cluster(cluster=name)


def test_only_the_owner_of_the_session_reaches_the_private_paths(yard: Yard) -> None:
    """A task could reset the emulator otherwise."""
    ecs = client(yard, "ecs", add_role(yard, "curious", allow("*")))

    def divert(request: Any, **_: Any) -> None:
        request.url = request.url + "_ministack/reset"

    ecs.meta.events.register("before-sign.ecs.ListClusters", divert)
    assert "Only the owner of this session" in refused(ecs.list_clusters)[1]
    assert json.dumps(yard.client("ecs").list_clusters()["clusterArns"]) != "[]"
