"""Subnets stand in zones that have Fargate; where there are too few, nothing is begun."""

import pytest

from deployer.steps.stacks.zones import ZoneRefusal, zone_parameters
from tests.deployer.fakes.environment import environment
from tests.spec.minimal import minimal

EXISTING = 'us-west-1}\nairflow: {version: 2.5.3, python: "3.10"}\nnetwork: {'


def test_the_zones_are_parameters_of_the_root() -> None:
    """Only where Fargate is not in every zone of the region."""
    zones = ("us-west-1c", "us-west-1b")
    expected = {"ZoneA": "us-west-1c", "ZoneB": "us-west-1b"}
    assert zone_parameters(environment(**{"us-west-2": "us-west-1"}), zones) == expected
    assert zone_parameters(environment(), ()) == {}


def test_a_network_that_is_there_already_has_its_zones() -> None:
    """Its templates take no zones, and CloudFormation refuses parameters that a template does not have."""
    keys = (
        "mode: existing, vpc: vpc-0a1b2c3d, public_addresses: true, task_subnets: [subnet-0000000a, subnet-0000000b], "
    )
    env = minimal('us-west-2}\nairflow: {version: 2.5.3, python: "3.10"}\nnetwork: {', f"{EXISTING}{keys}")
    assert zone_parameters(env, ()) == {}


THREE = {"us-west-2": "ap-northeast-1", "network: {": "network: {zones: 3, "}


def test_a_third_zone_is_one_more_parameter() -> None:
    """As many as the YAML says, and no more."""
    zones = ("apne1-a", "apne1-b", "apne1-c")
    assert zone_parameters(environment(**THREE), zones) == dict(zip(("ZoneA", "ZoneB", "ZoneC"), zones, strict=True))
    assert set(zone_parameters(environment(**{"us-west-2": "ap-northeast-1"}), zones)) == {"ZoneA", "ZoneB"}
    with pytest.raises(ZoneRefusal, match="may use only apne1-a, apne1-b of them"):
        zone_parameters(environment(**THREE), zones[:2])


@pytest.mark.parametrize(("zones", "found"), [((), "none"), (("ap-northeast-1c",), "only ap-northeast-1c")])
def test_an_account_with_too_few_such_zones_is_refused(zones: tuple[str, ...], found: str) -> None:
    """The message names the zones that would do."""
    with pytest.raises(ZoneRefusal, match=f"apne1-az1, apne1-az2, apne1-az4; this account may use {found}"):
        zone_parameters(environment(**{"us-west-2": "ap-northeast-1"}), zones)
