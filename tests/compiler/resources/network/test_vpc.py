"""Promises of a VPC of the environment's own: a way to the internet for tasks, none for the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_database_has_no_route_to_the_internet(instance: Case) -> None:
    """The public subnets have the one route, and no subnet hands out public addresses."""
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


def test_the_network_resolves_names(case: Case) -> None:
    """Containers find file system, database and each other by name."""
    vpc = case.only("AWS::EC2::VPC")
    assert vpc["EnableDnsHostnames"]
    assert vpc["EnableDnsSupport"]


def test_s3_is_reached_through_a_gateway_endpoint(case: Case) -> None:
    """Buckets and image layers, from the public subnets."""
    endpoint = case.only("AWS::EC2::VPCEndpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
    assert endpoint["RouteTableIds"] == [{"Ref": "PublicRouteTable"}]
