"""The promises of rehearsal/emulator/patches/stack_permissions.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.emulator.iam.roles import add_role, allow, client
from tests.rehearsal.yard import ACCOUNT, REGION, Resources, Yard, template

pytestmark = pytest.mark.rehearsal
CLOUDFORMATION = {"Service": "cloudformation.amazonaws.com"}
TAGS = [{"Key": "team", "Value": "data"}]
CLUSTER: Resources = {"Work": {"Type": "AWS::ECS::Cluster", "Properties": {"Tags": TAGS}}}
CREATE = ("ecs:CreateCluster", "ecs:DescribeClusters", "ecs:TagResource")


def reasons(yard: Yard, stack: str) -> str:
    """Return the reasons of all failures of a stack."""
    return " ".join(reason for _, status, reason in yard.events(stack) if status.endswith("FAILED"))


def role(yard: Yard, name: str, *statements: Any) -> str:
    """Return a service role."""
    return add_role(yard, name, *statements, trust=CLOUDFORMATION)


def test_a_stack_is_made_with_the_rights_of_its_role(yard: Yard) -> None:
    """Neither less nor more: a right that is missing fails the resource, with the words of its handler."""
    made = yard.create("with-rights", CLUSTER, RoleARN=role(yard, "making", allow(*CREATE)))
    assert yard.status(made) == "CREATE_COMPLETE"
    lacking = yard.create("without", CLUSTER, RoleARN=role(yard, "lacking", allow(*CREATE[:2])))
    assert yard.status(lacking) == "ROLLBACK_COMPLETE"
    who = f"arn:aws:sts::{ACCOUNT}:assumed-role/lacking/AWSCloudFormation"
    where = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/without-Work-*"
    expected = f"User: {who} is not authorized to perform: ecs:TagResource on resource: {where}"
    assert expected in reasons(yard, lacking)
    assert "HandlerErrorCode: AccessDenied" in reasons(yard, lacking)


def test_a_role_stays_with_its_stack(yard: Yard) -> None:
    """DeleteStack without a role uses the one of before."""
    stack = yard.create("keeps-role", CLUSTER, RoleARN=role(yard, "keeping", allow(*CREATE)))
    assert yard.delete(stack) == "DELETE_FAILED"
    assert "ecs:DeleteCluster" in reasons(yard, stack)
    deleting = role(yard, "deleting", allow("ecs:DeleteCluster", "ecs:DescribeClusters"))
    yard.client("cloudformation").delete_stack(StackName=stack, RoleARN=deleting)
    assert yard.settled(stack) == "DELETE_COMPLETE"


def test_a_new_stack_has_no_role_of_a_deleted_one_of_its_name(yard: Yard) -> None:
    """Without one of its own, it is made with the rights of whoever asks for it."""
    role_of_first = role(yard, "of-the-first", allow(*CREATE, "ecs:DeleteCluster"))
    assert yard.delete(yard.create("again", CLUSTER, RoleARN=role_of_first)) == "DELETE_COMPLETE"
    second = yard.create("again", {"Bucket": {"Type": "AWS::S3::Bucket"}})
    assert yard.status(second) == "CREATE_COMPLETE", yard.events(second)
    assert yard.delete(second) == "DELETE_COMPLETE"


def test_tags_of_a_resource_decide_about_its_deletion(yard: Yard) -> None:
    """As in the role that deletes what has expired."""
    tagged = allow("ecs:DeleteCluster", "ecs:DescribeClusters", Null={"aws:ResourceTag/team": "false"})
    deleting = role(yard, "by-tag", tagged)
    bare: Resources = {"Work": {"Type": "AWS::ECS::Cluster"}}
    for name, resources, expected in (("tagged", CLUSTER, "DELETE_COMPLETE"), ("bare", bare, "DELETE_FAILED")):
        stack = yard.create(name, resources)
        yard.client("cloudformation").delete_stack(StackName=stack, RoleARN=deleting)
        assert yard.settled(stack) == expected


def test_without_a_role_the_caller_works_on_the_stack(yard: Yard) -> None:
    """CloudFormation uses the rights of whoever asked."""
    caller = add_role(yard, "asking-for-stacks", allow("cloudformation:*"))
    client(yard, "cloudformation", caller).create_stack(StackName="asked", TemplateBody=template(CLUSTER))
    assert yard.settled("asked") == "ROLLBACK_COMPLETE"
    assert "assumed-role/asking-for-stacks/test is not authorized to perform: ecs:CreateCluster" in reasons(
        yard, "asked"
    )


def test_a_role_is_passed_to_cloudformation(yard: Yard) -> None:
    """Which takes the right to pass it."""
    service_role = role(yard, "passed", allow("*"))
    caller = add_role(yard, "not-passing", allow("cloudformation:*"))
    where = {"StackName": "never", "TemplateBody": template(CLUSTER), "RoleARN": service_role}
    with pytest.raises(ClientError, match="iam:PassRole"):
        client(yard, "cloudformation", caller).create_stack(**where)


def test_a_role_that_does_not_trust_cloudformation_makes_nothing(yard: Yard) -> None:
    """Its rights do not matter."""
    stack = yard.create("untrusted", CLUSTER, RoleARN=add_role(yard, "of-users", allow("*")))
    assert "of-users is invalid or cannot be assumed" in reasons(yard, stack)


def test_a_type_without_known_rights_is_refused(yard: Yard) -> None:
    """Nobody could say whether its handler may work; an administrator needs no answer."""
    topic: Resources = {"Work": {"Type": "AWS::SNS::Topic"}}
    assert yard.status(yard.create("topic", topic)) == "CREATE_COMPLETE"
    refused = yard.create("no-topic", topic, RoleARN=role(yard, "topics", allow("*")))
    assert "does not know which rights a handler of AWS::SNS::Topic needs" in reasons(yard, refused)


def test_tags_of_the_stack_count_as_soon_as_a_resource_is_there(yard: Yard) -> None:
    """CloudFormation gives them to what it creates, so that the next calls of a handler are about a tagged group."""
    network: Resources = {
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/24"}},
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "closed",
                "VpcId": {"Ref": "Network"},
                "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}],
            },
        },
    }
    make = allow(
        "ec2:CreateVpc", "ec2:CreateSecurityGroup", "ec2:CreateTags", "ec2:Describe*", "ec2:ModifyVpcAttribute"
    )
    own = allow("ec2:*", StringEquals={"aws:ResourceTag/team": "data"})
    stack = yard.create("tagged-network", network, RoleARN=role(yard, "by-stack-tag", make, own), Tags=TAGS)
    assert yard.status(stack) == "CREATE_COMPLETE", reasons(yard, stack)
    assert yard.delete(stack) == "DELETE_COMPLETE", reasons(yard, stack)
