"""What each part of an environment must reach outside of its VPC, and which way the network has for it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from compiler.airflow.roles import ECS, ECS_FOR_WORKERS
from compiler.connections import database_clients, permissions
from compiler.contract import WEB
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.placements.roster import placement_of
from compiler.resources.encryption import VIA
from compiler.resources.network.endpoints import OF_AWS
from compiler.resources.processes import METADATA
from spec.aws_facts.endpoints import endpoints_of
from spec.environment import Environment

_TITLES: Mapping[str, str] = MappingProxyType({ECS: "start of a task", ECS_FOR_WORKERS: "start of a worker"})


class Reach(NamedTuple):
    """`who` reaches `what`, the endpoint of an AWS service or an address on the internet, by `way`; empty by none."""

    who: str
    what: str
    why: str
    way: str


def reaches(env: Environment) -> tuple[Reach, ...]:
    """Return each service and address outside of the VPC that a part of an environment reaches, as the YAML tells."""
    found: dict[tuple[str, str], Reach] = {}
    for one in (*_services(env), *_addresses(env)):
        found.setdefault((one.who, one.what), one)
    return tuple(found.values())


def _services(env: Environment) -> Iterator[Reach]:
    """Yield the AWS services that tasks have permissions for."""
    placement = placement_of(env)
    for permission in permissions(env):
        if permission.source in OF_AWS or VIA in permission.conditions.get("StringEquals", {}):
            continue  # AWS calls there itself
        who = _TITLES.get(permission.source) or values.noun(permission.source)
        for endpoint in (one for action in permission.actions for one in endpoints_of(action)):
            yield Reach(who=who, what=endpoint, why=permission.why, way=placement.way_to(endpoint))


def _addresses(env: Environment) -> Iterator[Reach]:
    """Yield the identity provider, a database outside, and the registry of an image of somebody else."""
    way = placement_of(env).way_out
    if env.auth.issuer:
        yield Reach(who=values.noun(WEB), what=env.auth.issuer, why="people log in there", way=way)
    if address := env.database.address:
        for client in database_clients(env):
            yield Reach(who=values.noun(client), what=address, why=METADATA, way=way)
    for service in database_of(env).services:
        yield Reach(who=values.noun(service), what=env.database.facts.registry, why="its image", way=way)
