"""A deployed environment stays in its VPC."""

import pytest

from deployer.losses.another_vpc import NetworkChangeRefusal, refuse_another_vpc
from tests.deployer.fakes.environment import template_set

GROUP = "Resources: {{Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: {}}}}}}}\n"
BLOCK = "Resources: {{Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {}}}}}}}\n"
SUBNET = "{}: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: {{Ref: Zone{}}}}}}}"
OWN, THEIRS, OTHERS = GROUP.format("{Ref: Vpc}"), GROUP.format("vpc-0a1b2c3d"), GROUP.format("vpc-0000000b")


def _subnets(*zones: str) -> str:
    subnets = (SUBNET.format(f"{kind}{zone}", zone) for kind in ("Public", "Database") for zone in zones)
    return f"Resources: {{{', '.join(subnets)}}}\n"


def _refuse(deployed: str, new: str) -> None:
    templates = template_set()
    stack = templates.nested[0]
    files = {**templates.files, f"{stack}.yaml": new}
    refuse_another_vpc("demo", {stack.capitalize(): deployed}, type(templates)("demo", files, templates.nested))


@pytest.mark.parametrize(("deployed", "new"), [(OWN, THEIRS), (THEIRS, OWN), (THEIRS, OTHERS)])
def test_another_vpc_is_refused(deployed: str, new: str) -> None:
    """From a network of its own to one that is there already, back, and between two."""
    with pytest.raises(NetworkChangeRefusal, match="cannot move into another VPC"):
        _refuse(deployed, new)


def test_another_block_is_refused() -> None:
    """EC2 changes the block of no VPC: CloudFormation would make another one."""
    with pytest.raises(NetworkChangeRefusal, match="cannot move into another VPC"):
        _refuse(BLOCK.format("10.0.0.0/16"), BLOCK.format("10.1.0.0/16"))


def test_a_zone_is_not_left() -> None:
    """The database may stand there; one more is welcome."""
    with pytest.raises(NetworkChangeRefusal, match="cannot leave an availability zone"):
        _refuse(_subnets("A", "B", "C"), _subnets("A", "B"))
    _refuse(_subnets("A", "B"), _subnets("A", "B", "C"))
    _refuse(_subnets("A", "B"), "Resources: {}\n")


@pytest.mark.parametrize(("deployed", "new"), [(OWN, OWN), (THEIRS, THEIRS), ("Resources: {}\n", THEIRS)])
def test_the_same_vpc_is_welcome(deployed: str, new: str) -> None:
    """Whatever else changes."""
    _refuse(deployed, new)
