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

from compiler.model.stack import Sheet
from compiler.model.stack_values import DATABASE_SUBNETS, PUBLIC_SUBNETS, Wire
from compiler.resources.security_groups import draw_security_groups
from spec.environment import Environment
from spec.sections.database import Rds

DESCRIPTION = "Where the cluster stands, and who may talk to whom"
TIMEOUT_MINUTES = 15
NEEDS: frozenset[Wire] = frozenset()
GIVES = frozenset({Wire.VPC, *PUBLIC_SUBNETS, *DATABASE_SUBNETS}) | Wire.every("SecurityGroup")

VPC_CIDR = "10.0.0.0/16"
PUBLIC_CIDRS = ("10.0.0.0/20", "10.0.16.0/20")
DATABASE_CIDRS = ("10.0.32.0/24", "10.0.33.0/24")
ZONES = "AB"
VPC_ID = Ref("Vpc")


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the network of an environment."""
    sheet.draw(
        VPC(
            "Vpc",
            CidrBlock=VPC_CIDR,
            EnableDnsHostnames=True,  # containers find the file system and each other by name
            EnableDnsSupport=True,
            Tags=Tags(Name=env.name),
        ),
        "The network of this environment",
    )
    public_routes = _routes(sheet, "Public", f"{env.name}-public", "subnets with a way to the internet")
    _internet(sheet, env.name, public_routes)
    isolated = _isolated_routes(env, sheet)
    sheet.draw(
        VPCEndpoint(
            "StorageEndpoint",
            VpcEndpointType="Gateway",
            ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
            VpcId=VPC_ID,
            RouteTableIds=[public_routes.ref()],
        ),
        "Takes code and image layers from S3 without leaving AWS, free of charge",
    )
    sheet.give(Wire.VPC, VPC_ID)
    public = _subnets(sheet, env.name, "Public", PUBLIC_CIDRS, public_routes)
    given = dict(zip(PUBLIC_SUBNETS, public, strict=True))
    if isolated:
        apart = _subnets(sheet, env.name, "Database", DATABASE_CIDRS, isolated)
        given |= dict(zip(DATABASE_SUBNETS, apart, strict=True))
    for wire, subnet in given.items():
        sheet.give(wire, subnet)
    draw_security_groups(env, sheet, VPC_ID)


def _internet(sheet: Sheet, name: str, routes: RouteTable) -> None:
    gateway = sheet.draw(InternetGateway("InternetGateway", Tags=Tags(Name=name)), "The door to the internet")
    attachment = sheet.draw(
        VPCGatewayAttachment("InternetGatewayAttachment", VpcId=VPC_ID, InternetGatewayId=gateway.ref()),
        "Puts the door into the network",
    )
    sheet.draw(
        Route(
            "PublicRoute",
            DependsOn=attachment.title,
            RouteTableId=routes.ref(),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway.ref(),
        ),
        "The way from the public subnets to the internet",
    )


def _isolated_routes(env: Environment, sheet: Sheet) -> RouteTable | None:
    """Draw the routes of subnets for an instance; a container needs its image from the internet."""
    if not isinstance(env.database, Rds):
        return None
    return _routes(sheet, "Database", f"{env.name}-database", "subnets without a way to the internet")


def _routes(sheet: Sheet, kind: str, name: str, of: str) -> RouteTable:
    return sheet.draw(
        RouteTable(f"{kind}RouteTable", VpcId=VPC_ID, Tags=Tags(Name=name)),
        f"Routes of the {of}",
    )


def _subnets(sheet: Sheet, name: str, kind: str, cidrs: tuple[str, ...], routes: RouteTable) -> list[Ref]:
    refs = []
    for index, (zone, cidr) in enumerate(zip(ZONES, cidrs, strict=True)):
        subnet = sheet.draw(
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
        sheet.draw(
            SubnetRouteTableAssociation(f"{kind}Subnet{zone}Routes", SubnetId=subnet.ref(), RouteTableId=routes.ref()),
            f"Gives {kind.lower()} subnet {zone} its routes",
        )
        refs.append(subnet.ref())
    return refs
