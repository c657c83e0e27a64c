"""What the pages of an example must name: the rules, endpoints and statements that its templates have now."""

from collections.abc import Iterator, Mapping

from compiler.compile import compile_environment
from compiler.connections import connections
from compiler.model.stack_graph import StackGraph
from spec.environment import Environment
from tests.life.enforcement.statements import DELETION_ROLE

ROLE = "AWS::IAM::Role"
ENDPOINT = "AWS::EC2::VPCEndpoint"


def rules(env: Environment) -> Mapping[str, str]:
    """Return every rule of a security group: its logical id, and its direction."""
    return {name: direction for one in connections(env) for direction, name in one.rule_ids.items()}


def endpoints(env: Environment) -> Mapping[str, str]:
    """Return every endpoint of the VPC where tasks have no other way to AWS: its logical id, and its service."""
    found = StackGraph.of(compile_environment(env)).resources.items()
    every = {path.rpartition("/")[2]: one["Properties"] for path, one in found if one["Type"] == ENDPOINT}
    services = {name: properties["ServiceName"]["Fn::Sub"].split(".", 3)[-1] for name, properties in every.items()}
    return {} if env.network.reaches_internet else services


def statements(env: Environment) -> Mapping[str, str]:
    """Return every statement of a role: its name in the table, and its actions."""
    return dict(_statements(env))


def _statements(env: Environment) -> Iterator[tuple[str, str]]:
    for path, resource in StackGraph.of(compile_environment(env)).resources.items():
        role = path.rpartition("/")[2]
        if resource["Type"] != ROLE or (role == DELETION_ROLE and not env.ttl):
            continue
        for policy in resource["Properties"].get("Policies", ()):
            for one in policy["PolicyDocument"]["Statement"]:
                actions = [one["Action"]] if isinstance(one["Action"], str) else one["Action"]
                yield f"{role}/{one['Sid']}", ", ".join(actions)
