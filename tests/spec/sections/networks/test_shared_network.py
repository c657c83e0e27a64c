"""A network has a name, a place and a VPC, and nothing of an environment."""

from pathlib import Path

import pytest

from spec.errors import SpecRefusal
from tests.spec.networks import shared_network


def test_a_network_is_a_vpc_under_a_name(tmp_path: Path) -> None:
    """Without a section it is public, with two zones."""
    network = shared_network(tmp_path, "network: {mode: private, zones: 3}\n")
    assert (network.name, network.network.mode, network.network.zones) == ("team", "public", 2)
    assert network.network.place == "10.0.0.0/16"


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("zones: 3", "zones: 3, allowed_cidrs: [203.0.113.0/24]", "network.allowed_cidrs", "no web server of its own"),
        ("mode: private, zones: 3", "mode: existing", "network.mode", "existing is not valid here"),
        ("mode: private", "mode: endpoints", "network.mode", "endpoints is not valid here"),
        ("name: team\n", "name: team\nairflow: {}\n", "airflow", "airflow is not a key of a network"),
        ("us-west-2", "us-west-1", "network.zones", "us-west-1 has 2 zones with Fargate"),
        ("zones: 3", "zone: 3", "network.zone", "zone is not a key of network"),
    ],
)
def test_what_is_no_network_is_refused(tmp_path: Path, old: str, new: str, path: str, message: str) -> None:
    """Each mistake at its key."""
    with pytest.raises(SpecRefusal) as caught:
        shared_network(tmp_path, old, new)
    (fault,) = caught.value.faults
    assert fault.path == path
    assert message in fault.message
