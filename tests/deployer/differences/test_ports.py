"""Rules of security groups, wherever a template has them."""

from compiler.model.stack_graph import StackGraph
from deployer.differences.difference import Port
from deployer.differences.ports import ports
from tests.deployer.differences.sets import example, small


def test_a_rule_says_who_reaches_what() -> None:
    """By the names of the groups, in both directions."""
    found = ports(StackGraph.of(example()))
    assert Port(source="Webserver", target="Database", ports="tcp 5432 (out)") in found
    assert Port(source="Webserver", target="Database", ports="tcp 5432 (in)") in found
    assert Port(source="203.0.113.0/24", target="LoadBalancer", ports="tcp 80 (in)") in found


def test_the_rule_that_lets_nobody_out_is_none() -> None:
    """A group that has no rule would let everything out."""
    assert not any("255.255.255.255" in port.target for port in ports(StackGraph.of(example())))


def test_a_rule_inside_of_a_group_counts() -> None:
    """With a range of ports, or with all of them."""
    rules = [
        {"CidrIpv6": "::/0", "IpProtocol": "udp", "FromPort": 1, "ToPort": 9},
        {"CidrIp": "10.0.0.0/8", "IpProtocol": "-1"},
    ]
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": rules}}
    assert ports(StackGraph.of(small(WebSecurityGroup=group))) == (
        Port(source="::/0", target="Web", ports="udp 1-9 (in)"),
        Port(source="10.0.0.0/8", target="Web", ports="everything (in)"),
    )
