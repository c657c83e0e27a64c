"""A VPC of the environment's own: its public subnets behind an internet gateway, and its isolated subnets."""

from typing import Any

from troposphere import Ref, Sub, Tags
from troposphere.ec2 import VPC, InternetGateway, Route, RouteTable, VPCEndpoint, VPCGatewayAttachment

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.network.blocks import subnet_blocks
from compiler.resources.network.subnets import add_route_table, add_subnets
from spec.owner import Owner
from spec.sections.networks.own_vpc import OwnVpc

STORAGE_ENDPOINT = "StorageEndpoint"


def add_vpc(owner: Owner, network: OwnVpc, stack: StackBuilder, *, isolated: bool, gateway: bool) -> Ref:
    """Add the VPC with public subnets and, if `isolated`, subnets without a route to the internet; return the VPC.

    With `gateway` the route of the public subnets leads to an internet gateway.
    """
    vpc, blocks = _add_vpc(owner, network, stack), subnet_blocks(network)
    _add_public_subnets(owner, stack, vpc, blocks.public, gateway=gateway)
    if isolated:
        _add_isolated_subnets(owner, stack, vpc, blocks.isolated)
    return vpc


def add_storage_endpoint(
    stack: StackBuilder, vpc: Ref, tables: list[Ref], policy: dict[str, Any] | None = None
) -> None:
    """Add the endpoint of S3 to route tables; without a policy it leads everybody everywhere.

    A stack that has one already gets no second one: the same one leads there from these route tables, too.
    """
    if present := stack.template.resources.get(STORAGE_ENDPOINT):
        present.RouteTableIds = [*present.RouteTableIds, *tables]
        return
    limited: dict[str, Any] = {"PolicyDocument": policy} if policy else {}
    stack.add(
        VPCEndpoint(
            STORAGE_ENDPOINT,
            VpcEndpointType="Gateway",
            ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
            VpcId=vpc,
            RouteTableIds=tables,
            **limited,
        ),
        "Gateway endpoint of S3: code and image layers do not leave AWS, free of charge",
    )


def _add_vpc(owner: Owner, network: OwnVpc, stack: StackBuilder) -> Ref:
    vpc = stack.add(
        VPC(
            "Vpc",
            CidrBlock=network.cidr,
            EnableDnsHostnames=True,  # containers find the file system and each other by name
            EnableDnsSupport=True,
            Tags=Tags(Name=owner.name),
        ),
        "VPC of this environment",
    )
    stack.output(values.VPC, vpc.ref())
    return vpc.ref()


def _add_public_subnets(owner: Owner, stack: StackBuilder, vpc: Ref, cidrs: tuple[str, ...], *, gateway: bool) -> None:
    """Add public subnets, the endpoint of S3 and, with `gateway`, an internet gateway."""
    routes = add_route_table(stack, vpc, kind="Public", name=f"{owner.name}-public", subnets="public subnets")
    if gateway:
        _add_internet_gateway(stack, owner.name, vpc, routes)
    add_storage_endpoint(stack, vpc, [routes.ref()])
    subnets = add_subnets(owner, stack, [routes] * len(cidrs), cidrs, kind="Public")
    for value, subnet in zip(values.PUBLIC_SUBNETS, subnets, strict=False):
        stack.output(value, subnet)


def _add_isolated_subnets(owner: Owner, stack: StackBuilder, vpc: Ref, cidrs: tuple[str, ...]) -> None:
    isolated = "subnets without a route to the internet"
    routes = add_route_table(stack, vpc, kind="Database", name=f"{owner.name}-database", subnets=isolated)
    subnets = add_subnets(owner, stack, [routes] * len(cidrs), cidrs, kind="Database")
    for value, subnet in zip(values.DATABASE_SUBNETS, subnets, strict=False):
        stack.output(value, subnet)


def _add_internet_gateway(stack: StackBuilder, name: str, vpc: Ref, routes: RouteTable) -> None:
    gateway = stack.add(InternetGateway("InternetGateway", Tags=Tags(Name=name)), "Internet gateway")
    attachment = stack.add(
        VPCGatewayAttachment("InternetGatewayAttachment", VpcId=vpc, InternetGatewayId=gateway.ref()),
        "Attaches the internet gateway to the VPC",
    )
    stack.add(
        Route(
            "PublicRoute",
            DependsOn=attachment.title,
            RouteTableId=routes.ref(),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway.ref(),
        ),
        "Route from the public subnets to the internet",
    )
