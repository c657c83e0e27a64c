"""What CloudFormation will do beyond what the templates say is told."""

import pytest

from deployer.aws.stacks import STACK_TYPE, Change
from deployer.differences.compare import compare
from deployer.differences.cross_check import disagreements
from deployer.stacks.change_sets import PlannedChange
from tests.deployer.differences.sets import small

VPC = "AWS::EC2::VPC"


def _vpc(cidr: str, *, tall: bool = True) -> dict[str, object]:
    return {"Type": VPC, "Properties": {"CidrBlock": cidr, "EnableDnsSupport": tall}}


FORESEEN = compare(
    small(Vpc=_vpc("10.0.0.0/16"), Plain=_vpc("10.0.0.0/16"), Old=_vpc("10.0.0.0/16")),
    small(Vpc=_vpc("10.1.0.0/16"), Plain=_vpc("10.0.0.0/16", tall=False), New=_vpc("10.0.0.0/16")),
)


def _told(path: str, action: str = "Modify", replacement: str = "", type_: str = VPC) -> list[str]:
    change = Change(action=action, logical_id=path.rpartition("/")[2], type=type_, replacement=replacement)
    return list(disagreements(FORESEEN, [PlannedChange(path, change)]))


@pytest.mark.parametrize(
    ("path", "action", "replacement"),
    [
        ("Things/Vpc", "Modify", "True"),
        ("Things/Plain", "Modify", "False"),
        ("Things/Plain", "Modify", "Conditional"),
        ("Things/New", "Add", ""),
        ("Things/Old", "Remove", ""),
    ],
)
def test_what_was_foreseen_is_not_told(path: str, action: str, replacement: str) -> None:
    """Nor what only a parameter changes in place."""
    assert _told(path, action, replacement) == []


@pytest.mark.parametrize(
    ("path", "action", "replacement", "verb"),
    [
        ("Things/Plain", "Modify", "True", "replace"),
        ("Things/Other", "Modify", "True", "replace"),
        ("Things/Other", "Add", "", "add"),
        ("Things/Vpc", "Remove", "", "remove"),
    ],
)
def test_what_was_not_foreseen_is_told(path: str, action: str, replacement: str, verb: str) -> None:
    """Before the change set is executed."""
    assert _told(path, action, replacement) == [f"CloudFormation will {verb} {path} ({VPC}), which was not foreseen."]


@pytest.mark.parametrize("type_", [STACK_TYPE, "AWS::ECS::TaskDefinition"])
def test_a_new_image_makes_new_revisions(type_: str) -> None:
    """It is a parameter, and in no template."""
    assert _told("Things/Other", replacement="True", type_=type_) == []
