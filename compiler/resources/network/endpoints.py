"""Interface endpoints, by which tasks without a route to the internet reach the services of AWS.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html and
https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from collections.abc import Iterable, Iterator
from typing import Any

from troposphere import Ref, Sub
from troposphere.ec2 import RouteTable, VPCEndpoint

from compiler.contract import title
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.permissions import BACKUP, MONITORING
from compiler.resources.policies import document, only_this_account
from compiler.resources.schedules import EXPIRY, SCHEDULE
from spec.aws_facts.endpoints import GATEWAYS, STORAGE, own_endpoints_of, service_name
from spec.environment import Environment

OF_AWS = frozenset({SCHEDULE, EXPIRY, MONITORING, BACKUP})
"""Sources of calls that no task makes."""


def services_of(permissions: Iterable[Permission]) -> Iterator[str]:
    """Yield the endpoints that tasks with these permissions need; a grant of other services names none."""
    for permission in permissions:
        if permission.source not in OF_AWS:
            for action in permission.actions:
                yield from own_endpoints_of(action)


def add_endpoints(
    env: Environment, stack: StackBuilder, subnets: list[Ref], tables: list[RouteTable], services: Iterable[str]
) -> None:
    """Add an endpoint in the VPC for each service but S3: a gateway where there is one, else an interface."""
    routes: dict[str, Any] = {"VpcEndpointType": "Gateway", "RouteTableIds": [table.ref() for table in tables]}
    for service in sorted({*services} - {STORAGE}):
        endpoint = VPCEndpoint(
            f"{title(service.replace('.', '_').replace('-', '_'))}Endpoint",
            **(routes if service in GATEWAYS else _interface(stack, subnets)),
            ServiceName=Sub(service_name(service, env.aws.region)),
            VpcId=stack.parameter(values.VPC),
            PolicyDocument=document(only_this_account()),
        )
        stack.add(endpoint, f"Endpoint of {service}, for roles of this account")


def _interface(stack: StackBuilder, subnets: list[Ref]) -> dict[str, Any]:
    group = stack.parameter(values.security_group_of(values.ENDPOINTS))
    place = {"SubnetIds": subnets, "SecurityGroupIds": [group]}
    return {"VpcEndpointType": "Interface", **place, "PrivateDnsEnabled": True}
