"""An environment in a network that others share is what the YAML of that network makes of it."""

from pathlib import Path

import pytest

from spec.errors import SpecRefusal
from spec.reading.branches import for_branch
from tests.spec.networks import in_network, shared_network


@pytest.mark.parametrize(
    ("old", "new", "zones", "addresses"),
    [("", "", 3, False), ("mode: private, zones: 3", "mode: public", 2, True)],
)
def test_zones_and_addresses_are_those_of_the_network(
    tmp_path: Path, old: str, new: str, zones: int, *, addresses: bool
) -> None:
    """They stand in its YAML alone; a branch is in the same network."""
    shared_network(tmp_path, old, new)
    env = in_network(tmp_path)
    for one in (env, for_branch(env, "feature/x")):
        network = one.network
        assert (network.mode, network.zones, network.public_addresses) == ("shared", zones, addresses)
        assert (network.reaches_internet, network.makes_vpc, network.given) == (True, False, None)
        assert network.shared is not None
        assert network.shared.name == "team"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("network.yaml", "netwrk.yaml", ("there is no netwrk.yaml beside this file", "did you mean")),
        (
            "network.yaml",
            "of-all-teams.yml",
            ("there is no of-all-teams.yml beside", "write it, with name, aws and network"),
        ),
        ("network.yaml", "../network.yaml", ("does not fit the pattern", "")),
        (", file: network.yaml", "", ("file is missing", "The YAML of that network")),
        ("us-west-2", "eu-west-1", ("the network team is in us-west-2", "set aws.region to us-west-2")),
        ("123456789012", "210987654321", ("the network team is in 123456789012", "set aws.account to 123456789012")),
    ],
)
def test_a_network_that_is_not_there_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, said: tuple[str, str]
) -> None:
    """The file is beside the YAML, and the network in the same account and region."""
    shared_network(tmp_path)
    with pytest.raises(SpecRefusal) as caught:
        in_network(tmp_path, old, new)
    (fault,) = caught.value.faults
    message, hint = said
    assert (fault.path, fault.line) == ("network.file", 4)
    assert message in fault.message
    assert hint in fault.hint


def test_a_mistake_in_the_network_is_told_in_its_own_file(tmp_path: Path) -> None:
    """With its line, whichever YAML was compiled."""
    shared_network(tmp_path)
    (tmp_path / "network.yaml").write_text("name: team\nnetwork: {mode: private}\n")
    with pytest.raises(SpecRefusal) as caught:
        in_network(tmp_path)
    (fault,) = caught.value.faults
    assert (Path(fault.file).name, fault.message) == ("network.yaml", "aws is missing")
