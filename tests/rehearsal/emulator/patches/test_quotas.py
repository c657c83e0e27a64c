"""The promises of rehearsal/emulator/patches/quotas.py, in an emulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import IMAGE, Yard

pytestmark = pytest.mark.rehearsal
MOST = 5


@contextmanager
def _full(yard: Yard, kind: str) -> Iterator[None]:
    """Fill an account with VPCs or internet gateways up to the quota."""
    ec2 = yard.client("ec2")
    ways: dict[str, Any] = {
        "Vpc": (ec2.describe_vpcs, lambda: ec2.create_vpc(CidrBlock="10.9.0.0/24"), ec2.delete_vpc),
        "InternetGateway": (ec2.describe_internet_gateways, ec2.create_internet_gateway, ec2.delete_internet_gateway),
    }
    describe, create, delete = ways[kind]
    made = [create()[kind][f"{kind}Id"] for _ in range(MOST - len(describe()[f"{kind}s"]))]
    try:
        yield
    finally:
        for identity in made:
            delete(**{f"{kind}Id": identity})


def test_there_are_no_more_than_five_vpcs(yard: Yard) -> None:
    """The default VPC counts too; CloudFormation and callers hear the same."""
    with _full(yard, "Vpc"):
        with pytest.raises(ClientError, match="VpcLimitExceeded"):
            yard.client("ec2").create_vpc(CidrBlock="10.9.0.0/24")
        stack = yard.create("sixth", {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.8.0.0/16"}}})
        assert yard.status(stack) == "ROLLBACK_COMPLETE"
        assert any("VpcLimitExceeded" in reason for _, _, reason in yard.events(stack))
        yard.delete(stack)


def test_there_are_no_more_than_five_internet_gateways(yard: Yard) -> None:
    """In a nested stack as in a root."""
    gateway = yard.nested("gateway.json", {"Gateway": {"Type": "AWS::EC2::InternetGateway"}})
    with _full(yard, "InternetGateway"):
        stack = yard.create("gateways", {"Child": gateway})
        assert any("InternetGatewayLimitExceeded" in reason for _, _, reason in yard.events(stack))
        yard.delete(stack)


def test_a_group_has_no_more_than_sixty_rules_a_direction(yard: Yard) -> None:
    """IPv6 is counted by itself, and what is there already is refused for that."""
    ec2 = yard.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="many", Description="many", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(*range(60))])
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(*range(60))])
    with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(60)])
    six = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[six])
    ec2.delete_security_group(GroupId=group)


def test_an_interface_has_no_more_than_five_groups(yard: Yard) -> None:
    """Whatever the resource is that has the interface."""
    groups = [f"sg-{number}" for number in range(6)]
    target = {"FileSystemId": "fs-1", "SubnetId": "subnet-1", "SecurityGroups": groups}
    stack = yard.create("groups", {"Target": {"Type": "AWS::EFS::MountTarget", "Properties": target}})
    assert any("SecurityGroupsPerInterfaceLimitExceeded" in reason for _, _, reason in yard.events(stack))
    yard.delete(stack)


def test_tasks_have_no_more_than_six_processors(yard: Yard) -> None:
    """A new account gets six vCPUs for all its tasks on demand."""
    with pytest.raises(ClientError, match=r"limit on the number of vCPUs you can run concurrently"):
        yard.client("ecs").run_task(
            cluster=yard.outputs["Cluster"],
            taskDefinition=yard.outputs["Once"],
            launchType="FARGATE",
            overrides={"cpu": "8192", "memory": "16384"},
            **yard.placed,
        )


def test_services_have_no_more_processors_than_there_are(yard: Yard) -> None:
    """A service places what fits, and says of the rest why it does not."""
    ecs, cluster = yard.client("ecs"), yard.outputs["Cluster"]
    definition = ecs.register_task_definition(
        family="broad",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="4096",
        memory="8192",
        containerDefinitions=[{"name": "broad", "image": IMAGE, "command": ["sleep", "60"], "stopTimeout": 2}],
    )["taskDefinition"]["taskDefinitionArn"]
    service = ecs.create_service(
        cluster=cluster,
        serviceName="broad",
        taskDefinition=definition,
        desiredCount=2,
        launchType="FARGATE",
        **yard.placed,
    )["service"]["serviceArn"]

    def described() -> Any:
        return ecs.describe_services(cluster=cluster, services=[service])["services"][0]

    words = "(service broad) was unable to place a task. Reason: You've reached the limit on the number of vCPUs"
    yard.until(lambda: any(one["message"].startswith(words) for one in described()["events"]))
    assert described()["runningCount"] + described()["pendingCount"] <= 1
    tasks = ecs.list_tasks(cluster=cluster, family="broad")["taskArns"]
    yard.dismiss(service)
    for task in tasks:
        yard.reached(task, "STOPPED")  # until then nobody else has its processors


def test_a_zone_has_no_more_than_five_nat_gateways(yard: Yard) -> None:
    """Another zone has its own five."""
    ec2, (one, other) = yard.client("ec2"), yard.outputs["Subnets"].split(",")
    made = [ec2.create_nat_gateway(SubnetId=one, ConnectivityType="private") for _ in range(MOST)]
    with pytest.raises(ClientError, match="NatGatewayLimitExceeded"):
        ec2.create_nat_gateway(SubnetId=one, ConnectivityType="private")
    made.append(ec2.create_nat_gateway(SubnetId=other, ConnectivityType="private"))
    for gateway in made:
        ec2.delete_nat_gateway(NatGatewayId=gateway["NatGateway"]["NatGatewayId"])


def _rule(*numbers: int) -> dict[str, Any]:
    ranges = [{"CidrIp": f"10.0.{number}.0/24"} for number in numbers]
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}
