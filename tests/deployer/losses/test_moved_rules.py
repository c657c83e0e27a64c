"""A rule that stands under another logical id is not made a second time."""

import pytest

from deployer.losses.moved_rules import MovedRulesRefusal, refuse_moved_rules
from tests.deployer.fakes.environment import template_set

RULE = """  {name}:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupId: !Ref Group, IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: {cidr}, Description: {why}}}
"""


def _template(*cidrs: str, why: str = "browsers") -> str:
    rules = (RULE.format(name=f"Visitors{number}", cidr=cidr, why=why) for number, cidr in enumerate(cidrs, start=1))
    return "".join(["Resources:\n", *rules]) if cidrs else "Resources: {}\n"


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    refuse_moved_rules("demo", {"Storage": _template(*before)}, template_set(_template(*after, why="others")))


A, B, C = "10.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24"


@pytest.mark.parametrize(
    ("before", "after", "moving"),
    [((A, B), (B,), B), ((A,), (C, A), A), ((A, B), (B, A), f"{B}, {A}")],
    ids=["the first goes", "one comes before", "two change places"],
)
def test_a_rule_that_moves_is_refused(before: tuple[str, ...], after: tuple[str, ...], moving: str) -> None:
    """With the addresses that move, and what to do instead; another description is the same rule to EC2."""
    with pytest.raises(MovedRulesRefusal, match=f"to {moving} a second time") as refusal:
        _change(before, after)
    assert "at the end of the list" in refusal.value.next_step


@pytest.mark.parametrize(
    ("before", "after"),
    [((A,), (A, B)), ((A, B), (A,)), ((A, B), (A, C)), ((A, B), (C, B)), ((), (A,)), ((A,), ())],
    ids=["one more", "the last goes", "another last", "another first", "the first", "none"],
)
def test_a_rule_that_stays_comes_or_goes_is_not(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """CloudFormation does that by itself."""
    _change(before, after)


def test_a_list_is_deployed_in_two_steps_instead() -> None:
    """As the refusal says: the former list without those that move, then the new one."""
    _change((A, B), (A,))
    _change((A,), (B,))
