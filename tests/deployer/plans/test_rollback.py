"""Going back needs a release that exists, and restarts what read other plugins."""

from dataclasses import replace

import pytest

from deployer.plans.rollback import choose_release, plan_rollback, refuse_without_releases
from deployer.releases.manifest import Manifest
from deployer.releases.store import Move, Pointer, ReleaseRefusal
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE, deployed, steps_of

KNOWN = ("4f2a9c", "4f77aa", "b1c2d3")


def test_the_first_digits_are_enough() -> None:
    """Without any, it is the release before."""
    assert choose_release("4f2", "b1c2d3", KNOWN) == "4f2a9c"
    assert choose_release("", "b1c2d3", KNOWN) == "b1c2d3"


@pytest.mark.parametrize(
    ("word", "previous", "why"), [("4f", "", "Several"), ("ee", "", "No release begins"), ("", "gone", "no release")]
)
def test_a_word_that_means_no_single_release_is_refused(word: str, previous: str, why: str) -> None:
    """The next step lists them."""
    with pytest.raises(ReleaseRefusal, match=why) as caught:
        choose_release(word, previous, KNOWN)
    assert "windsock releases" in str(caught.value.next_step)


def test_an_environment_on_a_file_system_keeps_no_releases() -> None:
    """Its code was copied, and the copy before is gone."""
    with pytest.raises(ReleaseRefusal, match="keeps no releases"):
        refuse_without_releases(environment(), deployed())


def test_services_restart_only_for_other_plugins() -> None:
    """DAGs are read by themselves."""
    observed = replace(deployed(), pointer=Pointer(moves=(Move(version="new"),), etag="e"))
    same = Manifest(release="old", version="old", restart=CODE.restart_version)
    steps = dict(steps_of(plan_rollback(environment(), same, observed)))
    assert (steps["MakeCurrent"], steps["Restart"], steps["AwaitParsed"]) == ("to do", "nothing to do", "to do")
    other = dict(steps_of(plan_rollback(environment(), replace(same, restart="other"), observed)))
    assert other["Restart"] == "to do"
    current = dict(steps_of(plan_rollback(environment(), replace(same, release="new"), observed)))
    assert (current["MakeCurrent"], current["AwaitParsed"]) == ("nothing to do", "nothing to do")
