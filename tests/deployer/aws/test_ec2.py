"""Availability zones, VPCs and subnets through the real client, answered by hand."""

from dataclasses import replace
from typing import Any

import pytest

from deployer.aws.ec2 import Ec2, SecurityRule, SubnetFacts, VpcFacts
from tests.deployer.aws.stub import stubbed

VPC = "vpc-0a1b2c3d"
MAIN = {"RouteTableId": "rtb-main", "VpcId": VPC, "Associations": [{"Main": True}]}
OWN = {"RouteTableId": "rtb-own", "VpcId": VPC, "Associations": [{"Main": False, "SubnetId": "subnet-a"}]}


def test_zones_are_named_by_their_ids() -> None:
    """Only those that this account may use."""
    client, stub = stubbed("ec2")
    zones = [{"ZoneId": "usw1-az3", "ZoneName": "us-west-1a"}, {"ZoneId": "usw1-az1", "ZoneName": "us-west-1b"}]
    wanted = {"Filters": [{"Name": "state", "Values": ["available"]}]}
    stub.add_response("describe_availability_zones", {"AvailabilityZones": zones}, wanted)
    assert Ec2(client).zones() == {"usw1-az3": "us-west-1a", "usw1-az1": "us-west-1b"}


def test_zones_of_subnets_are_in_the_order_of_the_subnets() -> None:
    """In whatever order EC2 answers."""
    client, stub = stubbed("ec2")
    subnets = [
        {"SubnetId": "b", "AvailabilityZone": "us-west-1c"},
        {"SubnetId": "a", "AvailabilityZone": "us-west-1a"},
    ]
    stub.add_response("describe_subnets", {"Subnets": subnets}, {"SubnetIds": ["a", "b"]})
    assert Ec2(client).zones_of(["a", "b"]) == ("us-west-1a", "us-west-1c")


def test_rules_of_groups_are_known_by_their_ids() -> None:
    """Of all groups at once; the other end is a group, a prefix list, or addresses, and a rule may be for any port."""
    client, stub = stubbed("ec2")
    wanted = {"Filters": [{"Name": "group-id", "Values": ["sg-1", "sg-2"]}]}
    tcp = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 81}
    any_port = {"GroupId": "sg-2", "IpProtocol": "-1", "IsEgress": True}
    rules = [
        {"SecurityGroupRuleId": "sgr-1", **tcp, "CidrIpv4": "10.0.0.0/8"},
        {"SecurityGroupRuleId": "sgr-2", **tcp, "ReferencedGroupInfo": {"GroupId": "sg-2"}},
        {"SecurityGroupRuleId": "sgr-3", **any_port, "PrefixListId": "pl-1"},
    ]
    stub.add_response("describe_security_group_rules", {"SecurityGroupRules": rules}, wanted)
    own = SecurityRule(group="sg-1", egress=False, protocol="tcp", first_port=80, last_port=81, peer="10.0.0.0/8")
    out = SecurityRule(group="sg-2", egress=True, protocol="-1", first_port=-1, last_port=-1, peer="pl-1")
    assert Ec2(client).rules(["sg-1", "sg-2"]) == {
        "sgr-1": own,
        "sgr-2": replace(own, peer="sg-2"),
        "sgr-3": out,
    }


def test_a_vpc_has_attributes_and_endpoints() -> None:
    """The endpoints of other VPCs are none of its own; a VPC that is not there is None."""
    client, stub = stubbed("ec2")
    stub.add_response("describe_vpcs", {"Vpcs": []})
    assert Ec2(client).vpc(VPC) is None
    stub.add_response("describe_vpcs", {"Vpcs": [{"VpcId": VPC}]})
    stub.add_response("describe_vpc_attribute", {"EnableDnsSupport": {"Value": True}})
    stub.add_response("describe_vpc_attribute", {"EnableDnsHostnames": {"Value": False}})
    endpoints = [
        {"VpcId": VPC, "ServiceName": "com.amazonaws.us-west-2.ecr.api"},
        {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-west-2.s3"},
    ]
    stub.add_response("describe_vpc_endpoints", {"VpcEndpoints": endpoints})
    expected = VpcFacts(dns_support=True, dns_hostnames=False, endpoints=frozenset({"ecr.api"}))
    assert Ec2(client).vpc(VPC) == expected


def test_every_vpc_is_known_by_its_blocks() -> None:
    """The later ones too."""
    client, stub = stubbed("ec2")
    blocks = [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.9.0.0/16"}]
    stub.add_response("describe_vpcs", {"Vpcs": [{"VpcId": VPC, "CidrBlockAssociationSet": blocks}]})
    assert Ec2(client).vpc_blocks() == {VPC: ("10.0.0.0/16", "10.9.0.0/16")}


def _subnet(route: dict[str, Any], tables: list[dict[str, Any]]) -> SubnetFacts:
    client, stub = stubbed("ec2")
    subnet = {
        "SubnetId": "subnet-a",
        "VpcId": VPC,
        "AvailabilityZone": "us-west-2a",
        "AvailabilityZoneId": "usw2-az1",
        "AvailableIpAddressCount": 9,
    }
    stub.add_response("describe_subnets", {"Subnets": [subnet]})
    routed = [{**tables[0], "Routes": [route]}, *({**table, "Routes": []} for table in tables[1:])]
    stub.add_response("describe_route_tables", {"RouteTables": routed})
    return Ec2(client).subnets(["subnet-a"])["subnet-a"]


@pytest.mark.parametrize("key", ["GatewayId", "NatGatewayId", "TransitGatewayId", "NetworkInterfaceId"])
def test_the_way_out_is_that_of_the_route_to_everywhere(key: str) -> None:
    """Through whatever it leads, in the table of the subnet or in the main one."""
    route = {"DestinationCidrBlock": "0.0.0.0/0", key: "igw-1", "State": "active"}
    for tables in ([OWN, MAIN], [MAIN]):
        found = _subnet(route, tables)
        assert (found.gateway, found.zone_id, found.free_addresses, found.is_public) == ("igw-1", "usw2-az1", 9, True)


@pytest.mark.parametrize(
    ("route", "tables"),
    [
        ({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "blackhole"}, [OWN]),
        ({"DestinationCidrBlock": "10.0.0.0/8", "NatGatewayId": "nat-1", "State": "active"}, [OWN]),
        ({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}, [MAIN, OWN]),
    ],
)
def test_a_subnet_without_such_a_route_has_no_way_out(route: dict[str, Any], tables: list[dict[str, Any]]) -> None:
    """A route to a gateway that is gone leads nowhere, and the main table is for subnets without one of their own."""
    found = _subnet(route, tables)
    assert (found.gateway, found.is_public) == ("", False)


def test_subnets_that_are_not_there_are_left_out() -> None:
    """Nothing is asked about their routes."""
    client, stub = stubbed("ec2")
    stub.add_response("describe_subnets", {"Subnets": []})
    assert Ec2(client).subnets(["subnet-a"]) == {}
