"""A security group per process and resource, and the rules that let a connection through at both of its ends."""

from typing import Any

from troposphere import Ref, Tags
from troposphere.ec2 import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress, SecurityGroupRule

from compiler.model import stack_values as values
from compiler.model.connection import INTERNET, Connection
from compiler.model.stack import StackBuilder
from spec.owner import Owner

ANYWHERE = "0.0.0.0/0"

NOWHERE = SecurityGroupRule(
    CidrIp="255.255.255.255/32",
    IpProtocol="icmp",
    FromPort=252,
    ToPort=86,
    Description="Disallow all traffic that no other rule allows",
)
"""Matches no packet. A group without a rule of its own would get one from EC2 that allows all, so each has this one."""


def add_security_group(owner: Owner, stack: StackBuilder, name: str, vpc: Ref | str) -> None:
    """Add a security group that lets nothing in or out, and output it."""
    value, noun = values.security_group_of(name), values.noun(name)
    group = stack.add(
        SecurityGroup(
            value.title,
            GroupDescription=f"{owner.name}: {noun}",
            VpcId=vpc,
            SecurityGroupEgress=[NOWHERE],
            Tags=Tags(Name=f"{owner.name}-{noun.replace(' ', '-').lower()}"),
        ),
        value.description,
    )
    stack.output(value, group.ref())


def add_rules(stack: StackBuilder, connection: Connection) -> None:
    """Add the rules that one connection needs: out of its source and into its target, where these are groups."""
    outside, ids = "/" in connection.source, connection.rule_ids
    source = connection.source if outside else values.noun(connection.source)
    beyond = connection.target == INTERNET or "/" in connection.target
    target = connection.target if beyond else values.noun(connection.target)
    description = f"From {source} to {target}: {connection.why}"
    ports = _ports(connection)
    if outside:
        group = _group(stack, connection.target)
        rule = SecurityGroupIngress(
            ids["ingress"], GroupId=group, **ports, CidrIp=connection.source, Description=description
        )
        stack.add(rule, description)
    elif beyond and "egress" in ids:
        group, block = (
            _group(stack, connection.source),
            ANYWHERE if connection.target == INTERNET else connection.target,
        )
        stack.add(
            SecurityGroupEgress(ids["egress"], GroupId=group, **ports, CidrIp=block, Description=description),
            description,
        )
    elif not beyond:
        _add_pair(stack, connection, description)


def _add_pair(stack: StackBuilder, connection: Connection, description: str) -> None:
    ids = connection.rule_ids
    source, target = _group(stack, connection.source), _group(stack, connection.target)
    ports = _ports(connection)
    if "egress" in ids:
        egress = SecurityGroupEgress(
            ids["egress"], GroupId=source, **ports, DestinationSecurityGroupId=target, Description=description
        )
        stack.add(egress, f"{description} (out)")
    ingress = SecurityGroupIngress(
        ids["ingress"], GroupId=target, **ports, SourceSecurityGroupId=source, Description=description
    )
    stack.add(ingress, f"{description} (in)")


def _group(stack: StackBuilder, name: str) -> Ref:
    """Return a group of this stack, or of another one that outputs it."""
    return stack.parameter(values.security_group_of(name))


def _ports(connection: Connection) -> dict[str, Any]:
    if connection.port is None:
        return {"IpProtocol": "-1"}
    return {"IpProtocol": "tcp", "FromPort": connection.port, "ToPort": connection.port}
