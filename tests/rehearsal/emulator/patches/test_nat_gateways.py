"""The promises of rehearsal/emulator/patches/nat_gateways.py and routes.py, in an emulator."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal

REF = {"Ref": "Address"}


def _resources(yard: Yard, name: str = "out") -> dict[str, Any]:
    subnet, _ = yard.outputs["Subnets"].split(",")
    tags = [{"Key": "Name", "Value": name}]
    gateway = {"AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}, "SubnetId": subnet, "Tags": tags}
    return {
        "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc", "Tags": tags}},
        "Gateway": {"Type": "AWS::EC2::NatGateway", "Properties": gateway},
    }


@pytest.fixture
def stack(yard: Yard) -> Iterator[str]:
    """Yield a stack with a NAT gateway and its address."""
    outputs = {"Gateway": {"Ref": "Gateway"}, "Address": REF}
    made = yard.create("nat", _resources(yard), outputs=outputs)
    assert yard.status(made) == "CREATE_COMPLETE", yard.events(made)
    yield made
    if yard.status(made) != "DELETE_COMPLETE":
        yard.delete(made)


def test_a_stack_makes_a_gateway_with_an_address(yard: Yard, stack: str) -> None:
    """MiniStack knows neither type; both have tags, which an update changes in place."""
    client, gateway = yard.client("ec2"), yard.output(stack, "Gateway")
    (found,) = client.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    assert found["State"] == "available"
    address = _address(yard, yard.output(stack, "Address"))
    assert {"Key": "Name", "Value": "out"} in address["Tags"]
    outputs = {"Gateway": {"Ref": "Gateway"}}
    assert yard.update(stack, _resources(yard, "renamed"), outputs=outputs) == "UPDATE_COMPLETE"
    assert yard.output(stack, "Gateway") == gateway
    (found,) = client.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    assert {"Key": "Name", "Value": "renamed"} in found["Tags"]


def test_the_end_of_the_stack_releases_the_address(yard: Yard, stack: str) -> None:
    """Before that the gateway keeps it: EC2 refuses to release it."""
    client, address = yard.client("ec2"), yard.output(stack, "Address")
    with pytest.raises(ClientError, match="InvalidIPAddress"):
        client.release_address(AllocationId=_address(yard, address)["AllocationId"])
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert address not in [one["PublicIp"] for one in client.describe_addresses()["Addresses"]]


def test_what_ec2_refuses_about_a_gateway_is_refused(yard: Yard) -> None:
    """A subnet or an address that is not there, an address that has a gateway, a VPC without an internet gateway."""
    client, (subnet, _) = yard.client("ec2"), yard.outputs["Subnets"].split(",")
    address = client.allocate_address(Domain="vpc")["AllocationId"]
    with pytest.raises(ClientError, match="InvalidSubnetID"):
        client.create_nat_gateway(SubnetId="subnet-0", AllocationId=address)
    with pytest.raises(ClientError, match="InvalidAllocationID"):
        client.create_nat_gateway(SubnetId=subnet, AllocationId="eipalloc-0")
    bare = client.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    closed = client.create_subnet(VpcId=bare, CidrBlock="10.8.0.0/24")["Subnet"]["SubnetId"]
    with pytest.raises(ClientError, match="has no Internet gateway attached"):
        client.create_nat_gateway(SubnetId=closed, AllocationId=address)
    made = client.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    with pytest.raises(ClientError, match="AlreadyAssociated"):
        client.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    client.delete_nat_gateway(NatGatewayId=made)
    client.release_address(AllocationId=address)
    client.delete_subnet(SubnetId=closed)
    client.delete_vpc(VpcId=bare)


def _address(yard: Yard, public: str) -> Any:
    every = yard.client("ec2").describe_addresses()["Addresses"]
    return next(one for one in every if one["PublicIp"] == public)
