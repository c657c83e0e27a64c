"""The placement `public`: tasks stand in public subnets and reach AWS from an address of their own, without NAT."""

from dataclasses import dataclass

from troposphere import Ref, Sub, Tags
from troposphere.ec2 import InternetGateway, Route, RouteTable, VPCEndpoint, VPCGatewayAttachment
from troposphere.ecs import AwsvpcConfiguration, NetworkConfiguration

from compiler.contract import PUBLIC_ADDRESS
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.subnets import add_route_table, add_subnets
from spec.environment import Environment

CIDRS = ("10.0.0.0/20", "10.0.16.0/20")


@dataclass(frozen=True)
class PublicPlacement:
    """Tasks with public addresses behind closed security groups."""

    env: Environment

    task_subnets = values.PUBLIC_SUBNETS
    load_balancer_subnets = values.PUBLIC_SUBNETS

    @property
    def public_address(self) -> bool:
        """Whether every task gets a public address: it reaches image and secrets without a NAT gateway."""
        return PUBLIC_ADDRESS[self.env.network.mode]

    def build(self, stack: StackBuilder, vpc: Ref) -> None:
        """Add public subnets, an internet gateway and the endpoint of S3."""
        routes = add_route_table(stack, vpc, kind="Public", name=f"{self.env.name}-public", subnets="public subnets")
        _add_internet_gateway(stack, self.env.name, vpc, routes)
        stack.add(
            VPCEndpoint(
                "StorageEndpoint",
                VpcEndpointType="Gateway",
                ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
                VpcId=vpc,
                RouteTableIds=[routes.ref()],
            ),
            "Gateway endpoint of S3: code and image layers do not leave AWS, free of charge",
        )
        subnets = add_subnets(self.env, stack, routes, CIDRS, kind="Public")
        for value, subnet in zip(values.PUBLIC_SUBNETS, subnets, strict=True):
            stack.output(value, subnet)

    def network_configuration(self, stack: StackBuilder, security_group: StackValue) -> NetworkConfiguration:
        """Return the public subnets, with a public address."""
        return NetworkConfiguration(
            AwsvpcConfiguration=AwsvpcConfiguration(
                AssignPublicIp="ENABLED" if self.public_address else "DISABLED",
                Subnets=stack.parameters(self.task_subnets),
                SecurityGroups=[stack.parameter(security_group)],
            )
        )


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
