"""Rules keep their order at every listener, and at a shared one each site has priorities of its own."""

from pathlib import Path

import pytest

from compiler.resources.load_balancer.priorities import LAST, Place, priority
from tests.spec.minimal import minimal
from tests.spec.networks import SITE, behind_shared


def test_an_own_listener_has_the_priorities_of_the_table() -> None:
    """A deployed environment keeps them."""
    assert [priority(minimal(), place) for place in Place] == [10, 11, 20, 50, 100]


@pytest.mark.parametrize("host", ["demo", "orders", "orders-feature", "a"])
def test_at_a_shared_listener_the_host_decides(tmp_path: Path, host: str) -> None:
    """The same whatever else changes, in their order, and within what a listener takes."""
    env = behind_shared(tmp_path, SITE.replace("demo", host))
    found = [priority(env, place) for place in Place]
    assert found == list(range(found[0], found[0] + len(Place)))
    assert found[0] >= 1
    assert found[-1] <= LAST
    assert found == [priority(env, place) for place in Place]


def test_other_hosts_have_other_priorities(tmp_path: Path) -> None:
    """Two of twenty would have the same ones in two cases of a hundred; these have not."""
    envs = [behind_shared(tmp_path, SITE.replace("demo", f"branch-{number}")) for number in range(20)]
    found = [priority(env, place) for env in envs for place in Place]
    assert len(set(found)) == len(found)
