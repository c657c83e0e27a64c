"""Going back needs a release that exists, and restarts what read other plugins."""

from dataclasses import replace

import pytest

from deployer.plans.observed import Observed
from deployer.plans.rollback import choose_release, plan_rollback, refuse_without_releases
from deployer.record.lease import LeaseHeld
from deployer.releases.manifest import Manifest
from deployer.releases.store import Move, Pointer, ReleaseRefusal
from spec.errors import Refusal
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE, deployed, steps_of, with_outputs, with_stack

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


def test_files_of_an_earlier_windsock_are_no_releases() -> None:
    """They were copied one by one, and those before are gone."""
    files = with_outputs(deployed(), CodeAccessPoint="")
    with pytest.raises(ReleaseRefusal, match="an earlier Windsock"):
        refuse_without_releases(environment(), files)


def test_an_environment_that_deletes_itself_keeps_no_releases() -> None:
    """Its bucket is empty."""
    env = environment(name="ttl: 3d\nname")
    with pytest.raises(ReleaseRefusal, match="empties its bucket"):
        refuse_without_releases(env, deployed(env))


def _without_sync() -> Observed:
    return with_outputs(deployed(), SyncTaskDefinition="")


def test_the_file_system_switches_before_services_restart() -> None:
    """Also where an earlier rollback died in between: the pointer is moved, and the rest is still to do."""
    before = replace(deployed(), pointer=Pointer(moves=(Move(version="new"),), etag="e"), reported=True)
    old = Manifest(release="old", version="c-old", restart=CODE.restart_version)
    assert [name for name, need in steps_of(plan_rollback(environment(), old, before)) if need == "to do"] == [
        *("MakeCurrent", "SyncCode", "AwaitParsed")
    ]
    died = replace(before, pointer=Pointer(moves=(Move(version="c-old"),), etag="e"))
    steps = dict(steps_of(plan_rollback(environment(), old, died)))
    assert (steps["MakeCurrent"], steps["SyncCode"]) == ("nothing to do", "to do")


def test_a_file_system_is_not_switched_while_something_else_goes_on() -> None:
    """The deploy state is another run's then."""
    old = Manifest(release="old", version="old", restart=CODE.restart_version)
    with pytest.raises(LeaseHeld):
        plan_rollback(environment(), old, deployed(), LeaseHeld("another run"))
    with pytest.raises(Refusal):
        plan_rollback(environment(), old, with_stack(deployed(), status="UPDATE_IN_PROGRESS"))


def test_services_restart_only_for_other_plugins() -> None:
    """DAGs are read by themselves."""
    observed = replace(_without_sync(), pointer=Pointer(moves=(Move(version="new"),), etag="e"))
    same = Manifest(release="old", version="old", restart=CODE.restart_version)
    steps = dict(steps_of(plan_rollback(environment(), same, observed)))
    assert (steps["MakeCurrent"], steps["Restart"], steps["AwaitParsed"]) == ("to do", "nothing to do", "to do")
    other = dict(steps_of(plan_rollback(environment(), replace(same, restart="other"), observed)))
    assert other["Restart"] == "to do"
    current = dict(steps_of(plan_rollback(environment(), replace(same, release="new"), observed)))
    assert (current["MakeCurrent"], current["AwaitParsed"]) == ("nothing to do", "nothing to do")
