"""The promises of rehearsal/emulator/patches/task_starts.py, in an emulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rehearsal.emulator.rules.refusals import read
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal
ALL = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@contextmanager
def _group(yard: Yard, *egress: dict[str, Any]) -> Iterator[str]:
    """Yield a group in the VPC of the stack whose tasks open these connections alone."""
    ec2 = yard.client("ec2")
    (own,) = ec2.describe_security_groups(GroupIds=[yard.outputs["Group"]])["SecurityGroups"]
    group = ec2.create_security_group(GroupName="narrow", Description="few rules", VpcId=own["VpcId"])["GroupId"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[ALL])
    if egress:
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=list(egress))
    yield group
    ec2.delete_security_group(GroupId=group)


def _https(peer: str) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": peer}]}


def _reason(yard: Yard, definition: str, **placement: Any) -> str:
    """Return why a task does not start."""
    where = {"subnets": yard.outputs["Subnets"].split(","), "assignPublicIp": "ENABLED", **placement}
    network = {"awsvpcConfiguration": where}
    run = yard.client("ecs").run_task
    started = run(cluster=yard.outputs["Cluster"], taskDefinition=definition, networkConfiguration=network)
    ended = yard.reached(started["tasks"][0]["taskArn"], "STOPPED")
    assert ended["stopCode"] == "TaskFailedToStart"
    return str(ended["stoppedReason"])


def _definition(yard: Yard, **container: Any) -> str:
    own = {"name": "early", "image": "example.org/yard:1", "command": ["true"], **container}
    register = yard.client("ecs").register_task_definition
    size: dict[str, Any] = {"cpu": "256", "memory": "512", "networkMode": "awsvpc"}
    return str(register(family="early", containerDefinitions=[own], **size)["taskDefinition"]["taskDefinitionArn"])


def test_without_a_rule_for_https_nothing_is_pulled(yard: Yard) -> None:
    """From a registry of somebody else, and from Amazon ECR, in the words of ECS; the missing rule is recorded."""
    with _group(yard) as group:
        reason = _reason(yard, _definition(yard), securityGroups=[group])
        assert reason.startswith("CannotPullContainerError: The task cannot pull example.org/yard:1 from the registry")
        own = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/yard@sha256:{'0' * 64}"
        reason = _reason(yard, _definition(yard, image=own), securityGroups=[group])
        assert "The task cannot pull registry auth from Amazon ECR: There is a connection issue" in reason
        *_, refused = read(yard.emulator.directory)
        assert refused.reason == f"no egress rule lets tcp 443 from narrow ({group}) to the internet"


def test_without_a_public_address_there_is_no_way_to_aws(yard: Yard) -> None:
    """A rule is not enough: a task in a public subnet needs an address that the internet gateway knows."""
    reason = _reason(yard, _definition(yard), securityGroups=[yard.outputs["Group"]], assignPublicIp="DISABLED")
    assert reason.startswith("CannotPullContainerError")
    *_, refused = read(yard.emulator.directory)
    assert refused.reason.startswith("no route to the internet")


def test_a_file_system_needs_its_port(yard: Yard) -> None:
    """Who reaches AWS alone has images, secrets and logs, and no files."""
    with _group(yard, _https("0.0.0.0/0")) as group:
        reason = _reason(yard, yard.outputs["Once"], securityGroups=[group])
    assert "failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt 1/3 failed due" in reason


@pytest.mark.parametrize(
    ("container", "words"),
    [
        (
            {"secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-b"}]},
            "unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager",
        ),
        (
            {"secrets": [{"name": "A", "valueFrom": "parameter"}]},
            "unable to retrieve secrets from ssm: The task cannot pull secrets from AWS Systems Manager. There is a",
        ),
        (
            {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "any"}}},
            "failed to validate logger args: The task cannot find the Amazon CloudWatch log group",
        ),
    ],
)
def test_each_service_can_be_missing(yard: Yard, container: dict[str, Any], words: str) -> None:
    """An interface endpoint takes the place of the internet in its whole VPC, with its own groups."""
    service = "logs" if "logConfiguration" in container else words.split("from ")[1][:3]
    name = {"logs": "logs", "asm": "secretsmanager", "ssm": "ssm"}[service]
    ec2 = yard.client("ec2")
    with _group(yard) as closed:
        (own,) = ec2.describe_security_groups(GroupIds=[closed])["SecurityGroups"]
        properties = {
            "VpcEndpointType": "Interface",
            "VpcId": own["VpcId"],
            "ServiceName": f"com.amazonaws.{REGION}.{name}",
            "SubnetIds": yard.outputs["Subnets"].split(",")[:1],
            "SecurityGroupIds": [closed],
            "PrivateDnsEnabled": True,
        }
        stack = yard.create("endpoint", {"Endpoint": {"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}})
        reason = _reason(yard, _definition(yard, **container), securityGroups=[yard.outputs["Group"]])
        yard.delete(stack)
    assert words in reason
