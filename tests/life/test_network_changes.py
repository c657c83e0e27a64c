"""An environment inside its VPC gets gateways, a zone, another mode and another load balancer, and goes on working."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.life.kept import Kept, keep

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
NAME, DAG = "inside", "tutorial_taskflow_api"
PRIVATE = "mode: private\n  nat: one"
PER_ZONE = "mode: private\n  nat: per_zone\n  zones: 3"
PUBLIC = "mode: public\n  zones: 3"
INTERNAL, OUTWARD = "web: {scheme: internal}", "web: {scheme: internet-facing}"
ALLOWED = "  allowed_cidrs: [10.30.0.0/16]\n"
NO_BALANCER = "web: {load_balancer: none}"


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep an environment behind one NAT gateway and an internal load balancer; take it down at the end."""
    kept = keep(f"tests/life/{NAME}.yaml", "--dag", DAG)
    yield kept
    kept.run("rehearse", str(kept.environment), "--stop")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder from which everything is deployed."""
    return tmp_path_factory.mktemp("checkout")


def test_nobody_outside_of_the_vpc_reaches_an_internal_load_balancer(kept: Kept) -> None:
    """It went through a whole rehearsal, whose visitors come from the block of the VPC."""
    assert _balancers(kept) == [("internal", 2)]
    assert (len(_gateways(kept)), _zones(kept)) == (1, 2)


def test_another_gateway_and_a_third_zone_come_to_what_is_there(kept: Kept, checkout: Path) -> None:
    """The load balancer stays, and gets a subnet there; tasks stand in all three zones' subnets."""
    _change(kept, checkout, {PRIVATE: PER_ZONE})
    assert (_balancers(kept), len(_gateways(kept)), _zones(kept)) == ([("internal", 3)], 3, 3)


def test_services_move_out_of_private_subnets(kept: Kept, checkout: Path) -> None:
    """The gateways go, and load balancer and file system stay."""
    _change(kept, checkout, {PRIVATE: PUBLIC})
    assert (_balancers(kept), _gateways(kept), _zones(kept)) == ([("internal", 3)], [], 3)


def test_a_load_balancer_is_turned_by_two_deploys(kept: Kept, checkout: Path) -> None:
    """At once it is refused before anything changes."""
    stack = kept.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
    refused = kept.deploy(_text(kept, {PRIVATE: PUBLIC, INTERNAL: OUTWARD}), checkout)
    assert refused.returncode != 0
    assert f"{NAME} keeps the scheme of its load balancer" in refused.stderr
    assert kept.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0] == stack
    none = kept.deploy(_text(kept, {PRIVATE: PUBLIC, INTERNAL: NO_BALANCER, ALLOWED: ""}), checkout)
    assert none.returncode == 0, none.stderr
    assert _balancers(kept) == []
    _change(kept, checkout, {PRIVATE: PUBLIC, INTERNAL: OUTWARD})
    assert _balancers(kept) == [("internet-facing", 3)]


def test_another_block_is_refused(kept: Kept, checkout: Path) -> None:
    """With the way to it: another environment beside this one."""
    refused = kept.deploy(_text(kept, {PRIVATE: PUBLIC, INTERNAL: OUTWARD, "cidr: 10.30": "cidr: 10.40"}), checkout)
    assert refused.returncode != 0
    assert f"{NAME} cannot move into another VPC" in refused.stderr
    assert "database.restore_from" in refused.stderr


def _text(kept: Kept, changes: dict[str, str]) -> str:
    text = kept.environment.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def _change(kept: Kept, checkout: Path, changes: dict[str, str]) -> None:
    """Deploy a change; a DAG runs afterwards."""
    done = kept.deploy(_text(kept, changes), checkout)
    assert done.returncode == 0, done.stderr
    ran = kept.run("run", "env.yaml", DAG, checkout=checkout)
    assert ran.returncode == 0, ran.stderr


def _balancers(kept: Kept) -> list[tuple[str, int]]:
    """Return the scheme and the number of zones of each load balancer."""
    found = kept.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return [(one["Scheme"], len(one["AvailabilityZones"])) for one in found]


def _gateways(kept: Kept) -> list[str]:
    found = kept.client("ec2").describe_nat_gateways()["NatGateways"]
    return [one["NatGatewayId"] for one in found if one["State"] == "available"]


def _zones(kept: Kept) -> int:
    """Return in how many zones the subnets of a service's tasks are, the same for all."""
    ecs: Any = kept.client("ecs")
    (cluster,) = ecs.list_clusters()["clusterArns"]
    services = ecs.describe_services(cluster=cluster, services=ecs.list_services(cluster=cluster)["serviceArns"])
    networks = {tuple(one["networkConfiguration"]["awsvpcConfiguration"]["subnets"]) for one in services["services"]}
    (subnets,) = networks
    found = kept.client("ec2").describe_subnets(SubnetIds=list(subnets))["Subnets"]
    return len({one["AvailabilityZone"] for one in found})
