"""A deployed environment stays in its VPC and its zones, and its load balancer as it is turned."""

from itertools import pairwise
from pathlib import Path

import pytest

from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from deployer.losses.network_changes import NetworkChangeRefusal, refuse_network_changes
from deployer.stacks.replacement_guard import nested_files
from tests.deployer.fakes.environment import template_set
from tests.spec.minimal import minimal
from tests.spec.networks import BALANCER, behind_shared, in_network, shared_network

GROUP = "Resources: {{Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: {}}}}}}}\n"
BLOCK = "Resources: {{Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {}}}}}}}\n"
ROOT_OF = (
    "Resources: {{Network: {{Type: AWS::CloudFormation::Stack, Properties: {{Parameters: "
    "{{Vpc: {{Fn::ImportValue: {}-Vpc}}}}}}}}}}\n"
)
SUBNET = "{}: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: {{Ref: Zone{}}}}}}}"
OWN, THEIRS, OTHERS = GROUP.format("{Ref: Vpc}"), GROUP.format("vpc-0a1b2c3d"), GROUP.format("vpc-0000000b")

INTERNAL, NONE = "web: {scheme: internal}\n", "web: {load_balancer: none}\n"
PUBLIC = ""
OPEN = "network: {allowed_cidrs: [203.0.113.0/24]}\n"
MODES = {
    "existing": "network: {mode: existing, vpc: vpc-0a1b2c3d, task_subnets: [subnet-0a1b2c3d, subnet-0a1b2c3e],"
    " load_balancer_subnets: [subnet-0a1b2c4d, subnet-0a1b2c4e], allowed_cidrs: [203.0.113.0/24]}\n",
    **{mode: f"network: {{mode: {mode}, allowed_cidrs: [203.0.113.0/24]}}\n" for mode in ("private", "endpoints")},
    "public": OPEN,
    "three zones": OPEN.replace("{", "{zones: 3, "),
    "another block": OPEN.replace("{", "{cidr: 10.1.0.0/16, "),
}


def _subnets(*zones: str) -> str:
    subnets = (SUBNET.format(f"{kind}{zone}", zone) for kind in ("Public", "Database") for zone in zones)
    return f"Resources: {{{', '.join(subnets)}}}\n"


def _refuse(deployed: str, new: str) -> None:
    templates = template_set()
    stack = templates.nested[0]
    files = {**templates.files, f"{stack}.yaml": new}
    refuse_network_changes("demo", {stack.capitalize(): deployed}, type(templates)("demo", files, templates.nested))


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


def _deploy(*each: TemplateSet) -> None:
    """Go from each to the next, as a deploy that knows the templates before it."""
    for before, after in pairwise(each):
        refuse_network_changes("demo", nested_files(before), after)


def _with(web: str) -> TemplateSet:
    networks = "network: {mode: public}\n" if web == NONE else OPEN
    return compile_environment(minimal(OPEN, networks, more=web))


def _in(network: str) -> TemplateSet:
    return compile_environment(minimal(OPEN, MODES[network]))


@pytest.mark.parametrize("way", [("public", "existing"), ("existing", "private"), ("public", "another block")])
def test_what_moves_into_another_vpc_begins_beside_it(way: tuple[str, str]) -> None:
    """The refusal says how the data come along."""
    with pytest.raises(NetworkChangeRefusal, match="cannot move into another VPC") as refusal:
        _deploy(*map(_in, way))
    assert "database.restore_from" in refusal.value.next_step


@pytest.mark.parametrize("way", [("public", "private", "endpoints", "private", "public"), ("public", "three zones")])
def test_in_its_own_vpc_an_environment_moves_freely(way: tuple[str, ...]) -> None:
    """Between modes and back, and into one more zone."""
    _deploy(*map(_in, way))


@pytest.mark.parametrize("way", [(PUBLIC, INTERNAL), (INTERNAL, PUBLIC)])
def test_a_load_balancer_keeps_its_scheme(way: tuple[str, str]) -> None:
    """CloudFormation would fail half way; the refusal says how it is done in two deploys."""
    with pytest.raises(NetworkChangeRefusal, match="keeps its load balancer, and the scheme") as refusal:
        _deploy(*map(_with, way))
    assert "deploy web.load_balancer: none first" in refusal.value.next_step


@pytest.mark.parametrize("way", [(PUBLIC, NONE, INTERNAL), (INTERNAL, NONE, PUBLIC)])
def test_it_may_go_and_another_one_come(way: tuple[str, ...]) -> None:
    """As the refusal says."""
    _deploy(*map(_with, way))


def test_web_servers_do_not_move_between_an_own_and_a_shared_load_balancer(tmp_path: Path) -> None:
    """They go by way of none."""
    shared_network(tmp_path, more=BALANCER)
    none = in_network(tmp_path, ", allowed_cidrs: [203.0.113.0/24]", "", more="web: {load_balancer: none}\n")
    own, shared, without = map(compile_environment, (in_network(tmp_path), behind_shared(tmp_path), none))
    for way in ((own, shared), (shared, own)):
        with pytest.raises(NetworkChangeRefusal, match="keeps its load balancer"):
            _deploy(*way)
    _deploy(own, without, shared, without, own)


def test_another_network_is_refused() -> None:
    """The root alone says which one it is: nested stacks get its VPC by a parameter."""
    passed = {name: ROOT_OF.format(name) for name in ("team", "other")}
    templates = template_set()
    wanted = type(templates)("demo", {**templates.files, "root.yaml": passed["team"]}, templates.nested)
    refuse_network_changes("demo", {"": passed["team"]}, wanted)
    refuse_network_changes("demo", {"": ""}, wanted)
    with pytest.raises(NetworkChangeRefusal, match="cannot move into another VPC"):
        refuse_network_changes("demo", {"": passed["other"]}, wanted)
