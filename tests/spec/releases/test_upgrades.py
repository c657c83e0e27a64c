"""The road from one release to another has the hops that Airflow can go, up and down."""

from itertools import permutations

import pytest

from spec.releases.table import RELEASES
from spec.releases.upgrades import Hop, NoRoad, road


def test_the_oldest_reaches_the_newest_over_the_last_of_its_major() -> None:
    """A direct migration from 2.5.3 to 3.3.2 fails: its revision is unknown there."""
    assert road("2.5.3", "3.3.2") == (Hop("2.5.3", "2.11.2"), Hop("2.11.2", "3.3.2"))


def test_what_can_be_migrated_at_once_is_one_hop() -> None:
    """A release on the way is no reason to stop."""
    assert road("2.5.3", "2.11.2") == (Hop("2.5.3", "2.11.2"),)
    assert road("2.10.5", "3.3.2") == (Hop("2.10.5", "3.3.2"),)


def test_the_same_release_is_no_road() -> None:
    """Nothing is migrated."""
    assert road("3.3.2", "3.3.2") == ()


@pytest.mark.parametrize(("before", "after"), [*permutations(RELEASES, 2)])
def test_every_release_is_reached_and_the_way_back_is_the_same_road(before: str, after: str) -> None:
    """Hop by hop, in the other direction, each by the newer release."""
    hops = road(before, after)
    assert (hops[0].before, hops[-1].after) == (before, after)
    assert road(after, before) == tuple(hop.way_back for hop in reversed(hops))
    assert all(hop.runner.migrates(min(hop.before, hop.after, key=list(RELEASES).index)) for hop in hops)


def test_an_upgrade_runs_the_command_of_the_newer_release() -> None:
    """2.5 has another name for it."""
    assert Hop("2.5.3", "2.11.2").command == "airflow db migrate"
    assert Hop("2.11.2", "2.5.3").command == "airflow db downgrade --to-version 2.5.3 --yes"
    assert Hop("2.11.2", "2.5.3").runner.version == "2.11.2"


def test_a_hop_names_what_breaks_in_either_direction() -> None:
    """What the newer release took away comes back with a downgrade, and DAGs must know it again."""
    assert Hop("2.11.2", "3.3.2").breaks == Hop("3.3.2", "2.11.2").breaks != ()
    assert str(Hop("2.11.2", "3.3.2")) == "2.11.2 -> 3.3.2"


def test_a_release_that_windsock_does_not_run_has_no_road() -> None:
    """Known ones are named."""
    with pytest.raises(NoRoad, match=r"2\.4\.0: it knows 2\.5\.3, "):
        road("2.4.0", "3.3.2")
