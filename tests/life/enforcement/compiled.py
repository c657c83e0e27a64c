"""What the pages of an example must name: rules, endpoints, routes and statements that its templates have now."""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler import connections as table
from compiler.compile import compile_environment, compile_network
from compiler.model.connection import Connection
from compiler.model.stack_graph import StackGraph
from compiler.sites.shared_load_balancer import shared_connections
from spec.environment import Environment
from spec.reading.load import load
from tests.life.enforcement.statements import DELETION_ROLE
from tests.life.kept import ROOT

EXAMPLES = (
    "env.example.yaml",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "examples").glob("*.yaml")),
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "examples").glob("*/env.yaml")),
)
"""Every example; one that shares a network has it beside its own file."""
ROLE = "AWS::IAM::Role"
ENDPOINT, ROUTE = "AWS::EC2::VPCEndpoint", "AWS::EC2::Route"


def of_each_mode() -> tuple[str, ...]:
    """Return the first example of each `network.mode`."""
    modes = {load(ROOT / file).network.mode: file for file in reversed(EXAMPLES)}
    return tuple(file for file in EXAMPLES if file in modes.values())


def connections(env: Environment) -> Iterator[Connection]:
    """Yield every connection that rules are made of, those of the network that it shares too."""
    yield from table.connections(env)
    if shared := env.network.shared:
        yield from shared_connections(shared)


def rules(env: Environment) -> Mapping[str, str]:
    """Return every rule of a security group: its logical id, and its direction."""
    return {name: direction for one in connections(env) for direction, name in one.rule_ids.items()}


def endpoints(env: Environment) -> Mapping[str, str]:
    """Return every endpoint of the VPC where tasks have no other way to AWS: its logical id, and its service."""
    services = {name: one["ServiceName"]["Fn::Sub"].split(".", 3)[-1] for name, one in _of_type(env, ENDPOINT)}
    return {} if env.network.reaches_internet else services


def routes(env: Environment) -> Mapping[str, str]:
    """Return every route of the VPC that a template makes: its logical id, and its destination."""
    return {name: one["DestinationCidrBlock"] for name, one in _of_type(env, ROUTE)}


def statements(env: Environment) -> Mapping[str, str]:
    """Return every statement of a role: its name in the table, and its actions."""
    return dict(_statements(env))


def _statements(env: Environment) -> Iterator[tuple[str, str]]:
    for role, properties in _of_type(env, ROLE):
        if role == DELETION_ROLE and not env.ttl:
            continue
        for policy in properties.get("Policies", ()):
            for one in policy["PolicyDocument"]["Statement"]:
                actions = [one["Action"]] if isinstance(one["Action"], str) else one["Action"]
                yield f"{role}/{one['Sid']}", ", ".join(actions)


def _of_type(env: Environment, kind: str) -> Iterator[tuple[str, Any]]:
    """Yield logical id and properties of each resource of a type, those of the network that it shares too."""
    shared = env.network.shared
    every = (compile_environment(env), *((compile_network(shared),) if shared else ()))
    for path, resource in (item for one in every for item in StackGraph.of(one).resources.items()):
        if resource["Type"] == kind:
            yield path.rpartition("/")[2], resource["Properties"]
