"""An expiry is set once, kept over deploys, moved by `extend`, and told in one sentence when it came."""

from datetime import UTC, datetime, timedelta

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.stacks import Stack
from deployer.lifetime.ttl import (
    ExpiredRefusal,
    ExpiryRefusal,
    expiry,
    explain_expiry,
    extend,
    iso,
    lifetime_parameters,
)
from spec.errors import Refusal
from tests.deployer.fakes.environment import World, environment

ENV = environment(name="ttl: 3d\nname")
SCHEDULE = "windsock-demo-expiry"
PUBLISHED = {"LifetimeTemplate": "a.yaml"}
BOOTSTRAP = {"DeletionRole": "arn:deletion"}
TOLD = "2026-07-01T12:00:00Z"
NOW = datetime.fromtimestamp(1_000_000, UTC)
TAGS = {"windsock:environment": "demo"}


def _stack(**parameters: str) -> Stack:
    return Stack("arn", "demo", "UPDATE_COMPLETE", "", {**PUBLISHED, **BOOTSTRAP, "ExpiresAt": TOLD, **parameters})


def _deployed(start: datetime, status: str = "UPDATE_COMPLETE") -> World:
    world = World()
    outputs = world.session.cloudformation.outputs("demo", {})
    world.session.cloudformation.stacks["demo"] = Stack("arn", "demo", status, "", {"ExpiresAt": TOLD}, outputs, TAGS)
    world.session.scheduler.starts[SCHEDULE] = start
    return world


def test_who_has_no_ttl_is_told_nothing() -> None:
    """The root of other environments knows no such parameters."""
    assert lifetime_parameters(environment(), World().session.as_session, None, {}, {}) == {}


def test_the_first_deploy_starts_the_clock() -> None:
    """From its beginning."""
    told = lifetime_parameters(ENV, World().session.as_session, None, PUBLISHED, BOOTSTRAP)
    assert told == {"ExpiresAt": iso(NOW + timedelta(days=3)), "DeletionRole": "arn:deletion"}


def test_a_ttl_that_comes_later_starts_it_then() -> None:
    """A stack that had none is told of one like a new one."""
    stack = Stack("arn", "demo", "UPDATE_COMPLETE")
    told = lifetime_parameters(ENV, World().session.as_session, stack, PUBLISHED, BOOTSTRAP)
    assert told["ExpiresAt"] == iso(NOW + timedelta(days=3))


def test_a_deploy_leaves_the_schedule_alone() -> None:
    """The same parameter again: CloudFormation touches nothing, whatever the schedule was moved to meanwhile."""
    world = _deployed(NOW + timedelta(days=9))
    assert lifetime_parameters(ENV, world.session.as_session, _stack(), PUBLISHED, BOOTSTRAP)["ExpiresAt"] == TOLD


@pytest.mark.parametrize("changed", [{"LifetimeTemplate": "old.yaml"}, {"DeletionRole": "arn:old"}])
def test_a_schedule_that_changes_is_told_the_present_time(changed: dict[str, str]) -> None:
    """CloudFormation writes the whole schedule: it must not fall back to a time before it was extended."""
    world = _deployed(NOW + timedelta(days=9))
    told = lifetime_parameters(ENV, world.session.as_session, _stack(**changed), PUBLISHED, BOOTSTRAP)
    assert told["ExpiresAt"] == iso(NOW + timedelta(days=9))


def test_the_schedule_says_when_not_the_stack() -> None:
    """The parameter may be older than the last extension."""
    world = _deployed(NOW + timedelta(days=9))
    assert expiry(world.session.as_session, _stack()) == NOW + timedelta(days=9)
    assert expiry(world.session.as_session, Stack("arn", "demo", "UPDATE_COMPLETE")) is None


def test_an_extension_adds_to_the_present_expiry() -> None:
    """Both times are told."""
    world = _deployed(NOW + timedelta(days=1))
    extension = extend(ENV, world.session.as_session, timedelta(days=2))
    assert (extension.before, extension.after) == (NOW + timedelta(days=1), NOW + timedelta(days=3))
    assert world.session.scheduler.starts[SCHEDULE] == extension.after


def test_an_extension_to_a_moment_may_be_repeated() -> None:
    """A job that was killed, and runs again, asks for the same."""
    world = _deployed(NOW + timedelta(days=1))
    moment = NOW + timedelta(days=3)
    assert [extend(ENV, world.session.as_session, moment).after for _ in range(2)] == [moment, moment]
    assert world.session.scheduler.starts[SCHEDULE] == moment


def test_an_extension_takes_no_time_away() -> None:
    """A moment before the present expiry is refused: another may have extended it meanwhile."""
    world = _deployed(NOW + timedelta(days=3))
    with pytest.raises(ExpiryRefusal, match="lives longer than that already"):
        extend(ENV, world.session.as_session, NOW + timedelta(days=2))
    assert world.session.scheduler.starts[SCHEDULE] == NOW + timedelta(days=3)


def test_nothing_lives_longer_than_a_year() -> None:
    """Counted from now, however often it is extended; what is possible is said."""
    world = _deployed(NOW + timedelta(days=360))
    with pytest.raises(ExpiryRefusal, match="more than a year") as caught:
        extend(ENV, world.session.as_session, timedelta(days=6))
    assert "5d" in caught.value.next_step
    assert world.session.scheduler.starts[SCHEDULE] == NOW + timedelta(days=360)


def test_what_does_not_expire_cannot_be_extended() -> None:
    """An environment without a ttl is named, with what would give it one."""
    world = _deployed(NOW)
    world.session.cloudformation.stacks["demo"] = Stack(
        "arn", "demo", "UPDATE_COMPLETE", outputs=world.session.cloudformation.outputs("demo", {}), tags=TAGS
    )
    with pytest.raises(ExpiryRefusal, match="does not delete itself"):
        extend(ENV, world.session.as_session, timedelta(days=2))


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_FAILED"])
def test_what_is_being_deleted_cannot_be_extended(status: str) -> None:
    """It is too late, and that is all there is to say."""
    world = _deployed(NOW - timedelta(minutes=5), status)
    with pytest.raises(ExpiredRefusal, match="is being deleted"):
        extend(ENV, world.session.as_session, timedelta(days=2))


def test_what_is_about_to_be_deleted_cannot_be_extended() -> None:
    """Its deletion may have begun before the answer arrives."""
    world = _deployed(NOW - timedelta(seconds=5))
    with pytest.raises(ExpiredRefusal, match="expired at 1970-01-12"):
        extend(ENV, world.session.as_session, timedelta(days=2))


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"])
def test_a_failure_because_time_was_over_says_so(status: str) -> None:
    """Not that a cluster or a stack is missing."""
    world = _deployed(NOW, status)
    with pytest.raises(ExpiredRefusal), explain_expiry(ENV, world.session.as_session):
        raise AwsRefusal("The cluster was not found.", code="ClusterNotFoundException")


def test_another_failure_is_what_it_is() -> None:
    """The environment is there: time has nothing to do with it."""
    world = _deployed(NOW + timedelta(days=1))
    with pytest.raises(Refusal, match="The code is wrong"), explain_expiry(ENV, world.session.as_session):
        raise Refusal("The code is wrong.")
