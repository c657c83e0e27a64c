"""Promises of the network: a way to the internet for tasks, none for the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_database_has_no_way_out(instance: Case) -> None:
    """The one route to the internet is that of the public subnets, and no subnet hands out public addresses."""
    (route,) = instance.resources("AWS::EC2::Route").values()
    assert route["Properties"]["RouteTableId"] == {"Ref": "PublicRouteTable"}
    tables = {
        association["Properties"]["SubnetId"]["Ref"]: association["Properties"]["RouteTableId"]["Ref"]
        for association in instance.resources("AWS::EC2::SubnetRouteTableAssociation").values()
    }
    assert tables == {
        "PublicSubnetA": "PublicRouteTable",
        "PublicSubnetB": "PublicRouteTable",
        "DatabaseSubnetA": "DatabaseRouteTable",
        "DatabaseSubnetB": "DatabaseRouteTable",
    }
    subnets = instance.resources("AWS::EC2::Subnet").values()
    assert not any(subnet["Properties"]["MapPublicIpOnLaunch"] for subnet in subnets)


def test_names_are_found_inside_the_network(case: Case) -> None:
    """Containers find file system, database and each other by name: the network answers such questions."""
    vpc = case.only("AWS::EC2::VPC")
    assert vpc["EnableDnsHostnames"]
    assert vpc["EnableDnsSupport"]


def test_code_comes_from_s3_without_detour(case: Case) -> None:
    """Buckets and image layers are reached through a gateway endpoint, from the public subnets."""
    endpoint = case.only("AWS::EC2::VPCEndpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
    assert endpoint["RouteTableIds"] == [{"Ref": "PublicRouteTable"}]
