"""The promises of rehearsal/emulator/patches/routes.py, in an emulator."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
EVERYWHERE = "0.0.0.0/0"


@pytest.fixture
def gateway(yard: Yard) -> Iterator[str]:
    """Yield a NAT gateway in a public subnet of the stack."""
    client, (public, _) = yard.client("ec2"), yard.outputs["Subnets"].split(",")
    address = client.allocate_address(Domain="vpc")["AllocationId"]
    gateway = client.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    yield gateway
    client.delete_nat_gateway(NatGatewayId=gateway)
    client.release_address(AllocationId=address)


@pytest.fixture
def private(yard: Yard, gateway: str) -> Iterator[dict[str, Any]]:
    """Yield the placement of a task in a subnet whose route leads to that gateway."""
    client = yard.client("ec2")
    vpc = client.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["VpcId"]
    with ExitStack() as undo:
        subnet = client.create_subnet(VpcId=vpc, CidrBlock="10.0.77.0/24")["Subnet"]["SubnetId"]
        undo.callback(client.delete_subnet, SubnetId=subnet)
        table = client.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        undo.callback(client.delete_route_table, RouteTableId=table)
        client.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, NatGatewayId=gateway)
        client.associate_route_table(RouteTableId=table, SubnetId=subnet)
        where = {"subnets": [subnet], "securityGroups": [yard.outputs["Group"]], "assignPublicIp": "DISABLED"}
        yield {"networkConfiguration": {"awsvpcConfiguration": where}}


def test_a_task_leaves_through_a_gateway_that_is_there(yard: Yard, gateway: str, private: dict[str, Any]) -> None:
    """It starts and writes its log; once the gateway is deleted, the route leads nowhere, and no task starts there."""
    definition = yard.bare_definition("leaving", "echo", "out")
    assert yard.printed(definition, **private) == ["out"]
    yard.client("ec2").delete_nat_gateway(NatGatewayId=gateway)
    where = {"cluster": yard.outputs["Cluster"], **private}
    (task,) = yard.client("ecs").run_task(taskDefinition=definition, launchType="FARGATE", **where)["tasks"]
    assert "i/o timeout" in yard.reached(task["taskArn"], "STOPPED")["stoppedReason"]
