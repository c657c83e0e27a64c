"""Where the cluster stands: two public subnets, two without a way out for an instance, and who may talk to whom."""

from troposphere import GetAZs, Ref, Select, Sub, Tags
from troposphere.ec2 import (
    VPC,
    InternetGateway,
    Route,
    RouteTable,
    Subnet,
    SubnetRouteTableAssociation,
    VPCEndpoint,
    VPCGatewayAttachment,
)

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.security_groups import add_security_groups
from spec.environment import Environment
from spec.sections.database import Rds

DESCRIPTION = "Where the cluster stands, and who may talk to whom"
TIMEOUT_MINUTES = 15
INPUTS: frozenset[StackValue] = frozenset()
OUTPUTS = frozenset({values.VPC, *values.PUBLIC_SUBNETS, *values.DATABASE_SUBNETS}) | frozenset(values.SECURITY_GROUPS)

VPC_CIDR = "10.0.0.0/16"
PUBLIC_CIDRS = ("10.0.0.0/20", "10.0.16.0/20")
DATABASE_CIDRS = ("10.0.32.0/24", "10.0.33.0/24")
ZONES = "AB"
VPC_ID = Ref("Vpc")


def build(env: Environment, stack: StackBuilder) -> None:
    """Draw the network of an environment."""
    stack.add(
        VPC(
            "Vpc",
            CidrBlock=VPC_CIDR,
            EnableDnsHostnames=True,  # containers find the file system and each other by name
            EnableDnsSupport=True,
            Tags=Tags(Name=env.name),
        ),
        "The network of this environment",
    )
    public_routes = _routes(stack, "Public", f"{env.name}-public", "subnets with a way to the internet")
    _internet(stack, env.name, public_routes)
    isolated = _isolated_routes(env, stack)
    stack.add(
        VPCEndpoint(
            "StorageEndpoint",
            VpcEndpointType="Gateway",
            ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
            VpcId=VPC_ID,
            RouteTableIds=[public_routes.ref()],
        ),
        "Takes code and image layers from S3 without leaving AWS, free of charge",
    )
    stack.output(values.VPC, VPC_ID)
    public = _subnets(stack, env.name, "Public", PUBLIC_CIDRS, public_routes)
    given = dict(zip(values.PUBLIC_SUBNETS, public, strict=True))
    if isolated:
        apart = _subnets(stack, env.name, "Database", DATABASE_CIDRS, isolated)
        given |= dict(zip(values.DATABASE_SUBNETS, apart, strict=True))
    for value, subnet in given.items():
        stack.output(value, subnet)
    add_security_groups(env, stack, VPC_ID)


def _internet(stack: StackBuilder, name: str, routes: RouteTable) -> None:
    gateway = stack.add(InternetGateway("InternetGateway", Tags=Tags(Name=name)), "The door to the internet")
    attachment = stack.add(
        VPCGatewayAttachment("InternetGatewayAttachment", VpcId=VPC_ID, InternetGatewayId=gateway.ref()),
        "Puts the door into the network",
    )
    stack.add(
        Route(
            "PublicRoute",
            DependsOn=attachment.title,
            RouteTableId=routes.ref(),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway.ref(),
        ),
        "The way from the public subnets to the internet",
    )


def _isolated_routes(env: Environment, stack: StackBuilder) -> RouteTable | None:
    """Draw the routes of subnets for an instance; a container needs its image from the internet."""
    if not isinstance(env.database, Rds):
        return None
    return _routes(stack, "Database", f"{env.name}-database", "subnets without a way to the internet")


def _routes(stack: StackBuilder, kind: str, name: str, of: str) -> RouteTable:
    return stack.add(
        RouteTable(f"{kind}RouteTable", VpcId=VPC_ID, Tags=Tags(Name=name)),
        f"Routes of the {of}",
    )


def _subnets(stack: StackBuilder, name: str, kind: str, cidrs: tuple[str, ...], routes: RouteTable) -> list[Ref]:
    refs = []
    for index, (zone, cidr) in enumerate(zip(ZONES, cidrs, strict=True)):
        subnet = stack.add(
            Subnet(
                f"{kind}Subnet{zone}",
                VpcId=VPC_ID,
                AvailabilityZone=Select(index, GetAZs("")),
                CidrBlock=cidr,
                MapPublicIpOnLaunch=False,  # a task asks for its address itself; nothing else here may have one
                Tags=Tags(Name=f"{name}-{kind.lower()}-{zone.lower()}"),
            ),
            f"{kind} subnet in the {'first' if index == 0 else 'second'} availability zone",
        )
        stack.add(
            SubnetRouteTableAssociation(f"{kind}Subnet{zone}Routes", SubnetId=subnet.ref(), RouteTableId=routes.ref()),
            f"Gives {kind.lower()} subnet {zone} its routes",
        )
        refs.append(subnet.ref())
    return refs
