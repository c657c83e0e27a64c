"""The promises of rehearsal/emulator/patches/given_ids.py, in an emulator."""

import pytest

from rehearsal.emulator.rules.given_ids import GIVEN_ID
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal

VPC, SUBNET = "vpc-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67890"


def test_a_vpc_and_a_subnet_are_made_under_their_ids(yard: Yard) -> None:
    """The tag chooses the id and is gone then; other tags stay, and what has no such tag gets an id of its own."""
    client = yard.client("ec2")
    tags = [{"Key": GIVEN_ID, "Value": VPC}, {"Key": "Name", "Value": "ours"}]
    client.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])
    (vpc,) = client.describe_vpcs(VpcIds=[VPC])["Vpcs"]
    assert vpc["Tags"] == [{"Key": "Name", "Value": "ours"}]
    under = [{"ResourceType": "subnet", "Tags": [{"Key": GIVEN_ID, "Value": SUBNET}]}]
    made = client.create_subnet(VpcId=VPC, CidrBlock="10.9.0.0/24", TagSpecifications=under)
    assert made["Subnet"]["SubnetId"] == SUBNET
    assert client.create_subnet(VpcId=VPC, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"] != SUBNET
