"""What the template of a stack says of a rule is read with the ids of its groups and the values of its parameters."""

from dataclasses import replace

import pytest

from deployer.aws.ec2 import SecurityRule
from deployer.aws.stacks import Resource
from deployer.health.security_rules import rule_of
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.session import FakeSession

OWN = SecurityRule(group="sg-1", egress=False, protocol="tcp", first_port=443, last_port=443, peer="sg-2")
HEAD = "GroupId: !Ref Web, IpProtocol: tcp, FromPort: 443, ToPort: !Ref Port"


def _resource(name: str, physical_id: str, type_: str) -> Resource:
    return Resource(
        logical_id=name, physical_id=physical_id, type=type_, status="CREATE_COMPLETE", stack_id=arn("nested")
    )


def _rule(properties: str, direction: str = "Ingress") -> SecurityRule | None:
    session, kind = FakeSession(), f"AWS::EC2::SecurityGroup{direction}"
    template = f"Resources:\n  Rule: {{Type: {kind}, Properties: {{{properties}}}}}\n"
    session.cloudformation.put(
        "nested", "CREATE_COMPLETE", template=template, parameters={"Port": "443", "Office": "10.0.0.0/8"}
    )
    resources = {
        "Network/Web": _resource("Web", "sg-1", "AWS::EC2::SecurityGroup"),
        "Network/Database": _resource("Database", "sg-2", "AWS::EC2::SecurityGroup"),
        "Other/Database": _resource("Database", "sg-3", "AWS::EC2::SecurityGroup"),
        "Network/Rule": _resource("Rule", "sgr-1", kind),
    }
    return rule_of(session.as_session, resources, "Network/Rule")


@pytest.mark.parametrize(
    ("properties", "direction", "expected"),
    [
        (f"{HEAD}, SourceSecurityGroupId: !Ref Database", "Ingress", OWN),
        (f"{HEAD}, SourceSecurityGroupId: !GetAtt Database.GroupId", "Ingress", OWN),
        (f"{HEAD}, SourceSecurityGroupId: !GetAtt [Database, GroupId]", "Ingress", OWN),
        (f"{HEAD}, CidrIp: !Ref Office", "Ingress", replace(OWN, peer="10.0.0.0/8")),
        (f"{HEAD}, DestinationPrefixListId: pl-1", "Egress", replace(OWN, egress=True, peer="pl-1")),
        (
            "GroupId: !Ref Web, IpProtocol: -1, CidrIpv6: '::/0'",
            "Ingress",
            replace(OWN, protocol="-1", first_port=-1, last_port=-1, peer="::/0"),
        ),
        (f"{HEAD}, CidrIp: !Sub 'x'", "Ingress", None),
    ],
)
def test_a_rule_is_known_by_what_it_says(properties: str, direction: str, expected: SecurityRule | None) -> None:
    """A value that hangs on more than ids and parameters is not guessed."""
    assert _rule(properties, direction) == expected
