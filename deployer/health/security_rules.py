"""Reads what the rules of security groups say that a stack was made with, so that they are known by their content."""

from collections.abc import Mapping
from typing import Any

from deployer.aws.ec2 import ANY_PORT, SecurityRule
from deployer.aws.session import Session
from deployer.aws.stacks import Resource
from deployer.stacks.template_diff import resources as resources_of

EGRESS = "AWS::EC2::SecurityGroupEgress"
INGRESS = "AWS::EC2::SecurityGroupIngress"
RULES = frozenset({EGRESS, INGRESS})
"""Rules of security groups, which are resources of their own."""
PEERS = (
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "DestinationPrefixListId",
)
"""Properties of which a rule has one: whoever is on its other side."""


def rule_of(session: Session, resources: Mapping[str, Resource], path: str) -> SecurityRule | None:
    """Return what the deployed template says of the rule at a logical path; None where that hangs on more than ids.

    `resources` are all of the environment, by logical path. Raises `AwsRefusal`.
    """
    resource = resources[path]
    stack = session.cloudformation.stack(resource.stack_id)
    if stack is None:
        return None
    beside, _, _ = path.rpartition("/")
    ids = {one.logical_id: one.physical_id for other, one in resources.items() if other.rpartition("/")[0] == beside}
    known = {**ids, **stack.parameters}
    definition = resources_of(session.cloudformation.template(stack.id)).get(resource.logical_id, {})
    said = {name: _value(value, known) for name, value in definition.get("Properties", {}).items()}
    peer = next((said[name] for name in PEERS if said.get(name)), None)
    group, protocol = said.get("GroupId"), said.get("IpProtocol")
    if peer is None or group is None or protocol is None:
        return None
    return SecurityRule(
        group=group,
        egress=resource.type == EGRESS,
        protocol=protocol,
        first_port=int(said.get("FromPort") or ANY_PORT),
        last_port=int(said.get("ToPort") or ANY_PORT),
        peer=peer,
    )


def _value(value: Any, known: Mapping[str, str]) -> str | None:
    """Return a property as text; of an intrinsic, the id or parameter that it names."""
    if not isinstance(value, dict):
        return str(value)
    named = value.get("Ref") or value.get("Fn::GetAtt")
    name = named[0] if isinstance(named, list) else str(named).partition(".")[0]
    return known.get(str(name))
