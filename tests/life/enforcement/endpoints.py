"""Every endpoint of an environment's VPC, and the observations that can depend on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from compiler.contract import COMMAND
from compiler.model import stack_values as values
from spec.aws_facts.endpoints import STORAGE, endpoints_of
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Observation, Removable

HEADING = ("service", "kind")
IDENTITY = "vpce-"
AT_START = frozenset({"ecr.api", "ecr.dkr", "logs", "secretsmanager", STORAGE})
"""Services that ECS calls from the interface of a task before it starts."""
PLACES: Mapping[str, str] = MappingProxyType({"Gateway": "RouteTableIds", "Interface": "SubnetIds"})
"""Where an endpoint is, as EC2 names it, by its kind."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An endpoint that a stack has made; `described` is what EC2 says of it."""

    logical_id: str
    described: Mapping[str, Any]

    @property
    def service(self) -> str:
        """The name of its service, such as `ecr.api`."""
        return str(self.described["ServiceName"]).split(".", 3)[-1]

    @property
    def kind(self) -> str:
        """`Gateway` or `Interface`."""
        return str(self.described["VpcEndpointType"])


def endpoints(deployed: Deployed) -> Iterator[Endpoint]:
    """Yield every endpoint of an environment."""
    ids = {identity: name for name, identity in deployed.ids.items() if identity.startswith(IDENTITY)}
    for one in deployed.kept.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]:
        if one["VpcEndpointId"] in ids:
            yield Endpoint(logical_id=ids[one["VpcEndpointId"]], described=one)


def removable(deployed: Deployed, endpoint: Endpoint) -> Removable:
    """Return how the EC2 API takes an endpoint out of its subnets or route tables, and puts it back."""
    change = partial(deployed.kept.client("ec2").modify_vpc_endpoint, VpcEndpointId=endpoint.described["VpcEndpointId"])
    named = PLACES[endpoint.kind]
    places = endpoint.described[named]
    return Removable(
        name=endpoint.logical_id,
        details=(endpoint.service, endpoint.kind.lower()),
        remove=partial(change, **{f"Remove{named}": places}),
        restore=partial(change, **{f"Add{named}": places}),
    )


def observations(deployed: Deployed, endpoint: Endpoint) -> Iterator[Observation]:
    """Yield what can depend on an endpoint."""
    if endpoint.service in AT_START:
        noun = values.noun(COMMAND)
        yield Observation(f"a new task ({noun})", partial(deployed.starts, COMMAND))
    elif endpoint.service == "ssmmessages":
        process = deployed.env.processes[0].name
        yield Observation(f"the agent of ECS Exec ({values.noun(process)})", partial(deployed.has_agent, process))
    elif endpoint.service == "ecs":
        yield Observation("a triggered DAG starts a worker", deployed.workers.start)


def is_used(deployed: Deployed, endpoint: Endpoint) -> bool:
    """Whether a role of the environment called the service in the rehearsal, before anything was taken away."""
    roles = {identity for _, identity in deployed.roles}
    return any(
        use.who.rpartition("/")[2] in roles and endpoint.service in endpoints_of(use.action) for use in deployed.used
    )
