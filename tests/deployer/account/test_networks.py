"""The promises of deployer/account/networks.py, on the AWS in memory."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from compiler.compile import compile_environment
from deployer.account.networks import NetworkRefusal, needed_endpoints, network_faults
from deployer.aws.ec2 import SubnetFacts, VpcFacts
from spec.environment import Environment
from tests.deployer.fakes.cloudformation import FakeCloudFormation
from tests.deployer.fakes.session import FakeEc2, FakeSession
from tests.spec.minimal import ECS, PYTHON, minimal
from tests.spec.networks import in_network, shared_network

VPC = "vpc-0a1b2c3d"
TASKS, EDGE, DATABASE = (
    ("subnet-0000000a", "subnet-0000000b"),
    ("subnet-0000000c", "subnet-0000000d"),
    "subnet-0000000e",
)
KEYS = f"mode: existing, vpc: {VPC}, task_subnets: [{', '.join(TASKS)}], "
EDGES = f"load_balancer_subnets: [{', '.join(EDGE)}], "
FACTS = VpcFacts(dns_support=True, dns_hostnames=True, endpoints=frozenset())


@dataclass
class Owned:
    """A network that fits, for tests that change it in one place."""

    vpc: VpcFacts | None
    subnets: dict[str, SubnetFacts]

    def alter(self, *identities: str, **changes: Any) -> None:
        """Change some facts of subnets."""
        for identity in identities:
            self.subnets[identity] = replace(self.subnets[identity], **changes)

    def faults(self, env: Environment | None = None, *, first: bool = True) -> tuple[str, ...]:
        """Return what is said of it."""
        env = env or _environment()
        session = FakeSession(ec2=FakeEc2(vpcs={VPC: self.vpc} if self.vpc else {}, placed=self.subnets))
        return network_faults(env, compile_environment(env), session.as_session, first=first)


def _environment(
    keys: str = KEYS + EDGES, old: str = "us-west-2", new: str = "us-west-2", more: str = ""
) -> Environment:
    region = f'region: {old}}}\nairflow: {{version: 2.5.3, python: "3.10"}}\nnetwork: {{'
    return minimal(region, region.replace(old, new) + keys, more=more)


def _subnet(zone: str, gateway: str) -> SubnetFacts:
    zone_id = f"usw1-az{ord(zone) - ord('a') + 1}"
    return SubnetFacts(vpc=VPC, zone=f"us-west-2{zone}", zone_id=zone_id, free_addresses=100, gateway=gateway)


@pytest.fixture
def owned() -> Owned:
    """Return private subnets behind a NAT gateway, and public ones for the load balancer."""
    private = dict(zip(TASKS, (_subnet("a", "nat-1"), _subnet("b", "nat-1")), strict=True))
    public = dict(zip(EDGE, (_subnet("a", "igw-1"), _subnet("b", "igw-1")), strict=True))
    return Owned(FACTS, {**private, **public, DATABASE: _subnet("c", "")})


def test_a_network_that_fits_has_no_faults(owned: Owned) -> None:
    """A transit gateway is a way out too, and an environment that makes its own network asks nothing."""
    assert owned.faults() == ()
    owned.alter(*TASKS, gateway="tgw-1")
    assert owned.faults() == ()
    owned.vpc = None
    assert owned.faults(minimal()) == ()


def _overlaps(keys: str, *, first: bool = True, branch: str = "") -> tuple[str, ...]:
    env = minimal("network: {", f"network: {{{keys}")
    env = env.on_branch(branch) if branch else env
    fake = FakeEc2(blocks={"vpc-1": ("10.0.0.0/16", "10.8.0.0/16"), "vpc-2": ("172.31.0.0/16",)})
    return network_faults(env, compile_environment(env), FakeSession(ec2=fake).as_session, first=first)


def test_a_block_that_the_yaml_names_overlaps_with_no_other_vpc() -> None:
    """Whoever names one wants to connect the VPC; nobody has to name one."""
    said = "network.cidr: 10.8.64.0/18 overlaps with 10.8.0.0/16 of vpc-1, and the two could never be connected."
    assert _overlaps("cidr: 10.8.64.0/18, ") == (said,)
    assert _overlaps("cidr: 10.9.0.0/16, ") == _overlaps("") == ()


def test_only_a_first_deploy_compares_blocks() -> None:
    """A deployed environment stays where it is, and all branches of a YAML have one block."""
    assert _overlaps("cidr: 10.8.64.0/18, ", first=False) == _overlaps("cidr: 10.8.64.0/18, ", branch="mine") == ()


def test_a_vpc_that_is_not_there_is_named(owned: Owned) -> None:
    """With region and account, since another of them may have it."""
    owned.vpc = None
    assert owned.faults() == (f"network.vpc: there is no {VPC} in us-west-2 of account 123456789012.",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda owned: owned.subnets.pop(TASKS[1]), f"network.task_subnets: there is no {TASKS[1]}"),
        (lambda owned: owned.alter(EDGE[0], vpc="vpc-1"), f"network.load_balancer_subnets: {EDGE[0]} is in vpc-1"),
        (lambda owned: owned.alter(TASKS[1], zone="us-west-2a"), "network.task_subnets: all are in us-west-2a"),
        (lambda owned: owned.alter(*TASKS, gateway="igw-1"), "tasks without public addresses cannot use"),
        (
            lambda owned: owned.alter(TASKS[0], gateway=""),
            f"{TASKS[0]} leads out, and no endpoint leads to ecr.api, ecr.dkr",
        ),
        (lambda owned: owned.alter(EDGE[1], gateway="nat-1"), f"{EDGE[1]} leads to an internet gateway"),
        (lambda owned: owned.alter(EDGE[1], free_addresses=7), f"{EDGE[1]} has 7 free addresses, and a load"),
        (lambda owned: owned.alter(*TASKS, free_addresses=2), "4 addresses are free, and 6 are needed"),
    ],
)
def test_each_subnet_that_does_not_fit_is_named(owned: Owned, change: Callable[[Owned], None], said: str) -> None:
    """By the key of the YAML and by its id, with what is wrong about it."""
    change(owned)
    assert said in "\n".join(owned.faults())


def test_names_must_be_resolved_in_the_vpc(owned: Owned) -> None:
    """Both attributes; a default VPC has them, and one that somebody made may not."""
    owned.vpc = replace(FACTS, dns_support=False, dns_hostnames=False)
    assert [fault.split()[1] for fault in owned.faults()] == ["enableDnsSupport", "enableDnsHostnames"]


def test_endpoints_are_a_way_out_when_all_are_there(owned: Owned) -> None:
    """What is missing is named."""
    owned.alter(*TASKS, gateway="")
    needed = frozenset(needed_endpoints(compile_environment(_environment())))
    owned.vpc = replace(FACTS, endpoints=needed)
    assert owned.faults() == ()
    owned.vpc = replace(FACTS, endpoints=needed - {"logs"})
    assert all(fault.endswith("no endpoint leads to logs.") for fault in owned.faults())
    assert owned.faults()


def test_the_endpoints_that_tasks_need_follow_from_the_rights_of_their_roles() -> None:
    """Those of the scheduler too; AWS calls for a schedule by itself, and people can do without a shell."""
    always = ("ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager")
    assert needed_endpoints(compile_environment(_environment())) == always
    executor = compile_environment(minimal(PYTHON, ECS))
    assert set(needed_endpoints(executor)) == {*always, "ecs"}
    schedule = compile_environment(minimal(more='schedule: {on: "08:00-18:00 Mon-Fri", timezone: UTC}\n'))
    assert needed_endpoints(schedule) == always


def test_public_addresses_need_an_internet_gateway(owned: Owned) -> None:
    """Behind a NAT gateway they would reach nothing."""
    env = _environment(f"{KEYS}public_addresses: true, ")
    assert "network.public_addresses" in owned.faults(env)[0]
    owned.alter(*TASKS, gateway="igw-1")
    assert owned.faults(env) == ()


def test_two_subnets_of_tasks_in_one_zone_are_refused(owned: Owned) -> None:
    """EFS takes one address in a zone; a database may have two."""
    env = _environment(KEYS.replace(TASKS[1], f"{TASKS[1]}, {DATABASE}") + EDGES)
    owned.alter(DATABASE, zone="us-west-2a", gateway="nat-1")
    assert "two of them are in one zone" in owned.faults(env)[0]
    database = f"database_subnets: [{', '.join(TASKS)}, {DATABASE}], "
    assert owned.faults(_environment(KEYS + EDGES + database)) == ()


def test_a_zone_without_fargate_takes_no_tasks(owned: Owned) -> None:
    """In a region that has Fargate in some zones only."""
    env = _environment(new="us-west-1")
    assert "where there is no Fargate" in owned.faults(env)[0]


def test_addresses_are_counted_at_the_first_deploy_alone(owned: Owned) -> None:
    """Later the environment itself has some of them."""
    owned.alter(*TASKS, *EDGE, free_addresses=0)
    assert owned.faults(first=False) == ()


def test_a_network_that_others_share_has_to_be_there(tmp_path: Path) -> None:
    """All that the environment imports, at every deploy: a third zone of the YAML is made by the network first."""
    shared_network(tmp_path)
    env, fake = in_network(tmp_path), FakeCloudFormation()
    session = FakeSession(cloudformation=fake).as_session
    parts = ["Vpc", *(f"{kind}Subnet{zone}" for kind in ("Public", "Private", "Database") for zone in "AB")]
    for exports, said in (
        (
            [],
            "network.file: there is no network team in us-west-2 of account 123456789012; run `windsock network deploy",
        ),
        (parts, "network.file: the deployed network team does not export team-DatabaseSubnetC, team-PrivateSubnetC, "),
        ([*parts, *(f"{kind}SubnetC" for kind in ("Public", "Private", "Database"))], ""),
    ):
        fake.exported = {f"team-{part}": "id" for part in exports}
        found = network_faults(env, compile_environment(env), session, first=False)
        assert "".join(found).startswith(said)
        assert bool(found) == bool(said)


def test_the_refusal_says_how_a_shared_network_is_made(tmp_path: Path) -> None:
    """By its own YAML, as each fault of it says."""
    shared_network(tmp_path)
    text = str(NetworkRefusal("demo", in_network(tmp_path).network, ("one.",)))
    assert "demo cannot stand in the network team; nothing was created." in text
    assert text.endswith("one.\nDo that, and deploy again.")


def test_the_refusal_names_the_vpc_and_says_that_nothing_was_created() -> None:
    """Each fault on a line of its own."""
    text = str(NetworkRefusal("demo", _environment().network, ("one.", "two.")))
    assert f"demo cannot stand in {VPC}; nothing was created." in text
    assert "one.\ntwo." in text


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        ({"10.20.0.0/16": "tgw-1", "0.0.0.0/0": "nat-1"}, False),
        ({"0.0.0.0/0": "tgw-1"}, False),
        ({"10.20.0.0/25": "tgw-1", "0.0.0.0/0": "nat-1"}, True),
        ({"0.0.0.0/0": "nat-1"}, True),
        ({}, True),
    ],
)
def test_a_database_outside_has_a_route(owned: Owned, routes: dict[str, str], *, found: bool) -> None:
    """Private addresses do not answer on the internet, and a route to a part of a block does not lead to all of it."""
    database = (
        'database: {kind: external, version: "15", host: db.example.com, password: {secret: demo/database},'
        " cidrs: [10.20.0.0/24]}\n"
    )
    owned.alter(*TASKS, routes=routes)
    faults = owned.faults(_environment(more=database))
    assert any(f"no route of {TASKS[0]} leads to 10.20.0.0/24" in fault for fault in faults) is found
