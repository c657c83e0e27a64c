"""An expiry is set once, kept over deploys, moved by `extend`, and named in one sentence when it has passed."""

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
EXPIRES_AT = "2026-07-01T12:00:00Z"
NOW = datetime.fromtimestamp(1_000_000, UTC)
TAGS = {"windsock:environment": "demo"}


def _stack(**parameters: str) -> Stack:
    return Stack(
        id="arn",
        name="demo",
        status="UPDATE_COMPLETE",
        reason="",
        parameters={**PUBLISHED, **BOOTSTRAP, "ExpiresAt": EXPIRES_AT, **parameters},
    )


def _deployed(start: datetime, status: str = "UPDATE_COMPLETE") -> World:
    world = World()
    outputs = world.session.cloudformation.outputs("demo", {})
    world.session.cloudformation.stacks["demo"] = Stack(
        id="arn",
        name="demo",
        status=status,
        reason="",
        parameters={"ExpiresAt": EXPIRES_AT},
        outputs=outputs,
        tags=TAGS,
    )
    world.session.scheduler.starts[SCHEDULE] = start
    return world


def test_an_environment_without_ttl_has_no_lifetime_parameters() -> None:
    """The root of other environments knows no such parameters."""
    assert lifetime_parameters(environment(), World().session.as_session, None, {}, {}) == {}


def test_the_ttl_counts_from_the_first_deploy() -> None:
    """From its beginning."""
    parameters = lifetime_parameters(ENV, World().session.as_session, None, PUBLISHED, BOOTSTRAP)
    assert parameters == {"ExpiresAt": iso(NOW + timedelta(days=3)), "DeletionRole": "arn:deletion"}


def test_a_ttl_that_is_added_counts_from_that_deploy() -> None:
    """A stack that had no expiry gets one as a new stack does."""
    stack = Stack(id="arn", name="demo", status="UPDATE_COMPLETE")
    parameters = lifetime_parameters(ENV, World().session.as_session, stack, PUBLISHED, BOOTSTRAP)
    assert parameters["ExpiresAt"] == iso(NOW + timedelta(days=3))


def test_a_deploy_leaves_the_schedule_alone() -> None:
    """The same parameter again: CloudFormation touches nothing, whatever the schedule was moved to meanwhile."""
    world = _deployed(NOW + timedelta(days=9))
    assert lifetime_parameters(ENV, world.session.as_session, _stack(), PUBLISHED, BOOTSTRAP)["ExpiresAt"] == EXPIRES_AT


@pytest.mark.parametrize("changed", [{"LifetimeTemplate": "old.yaml"}, {"DeletionRole": "arn:old"}])
def test_a_changed_schedule_gets_the_present_expiry(changed: dict[str, str]) -> None:
    """CloudFormation writes the whole schedule: it must not fall back to a time before an extension."""
    world = _deployed(NOW + timedelta(days=9))
    parameters = lifetime_parameters(ENV, world.session.as_session, _stack(**changed), PUBLISHED, BOOTSTRAP)
    assert parameters["ExpiresAt"] == iso(NOW + timedelta(days=9))


def test_the_expiry_is_read_from_the_schedule_not_from_the_stack() -> None:
    """The parameter may be older than the last extension."""
    world = _deployed(NOW + timedelta(days=9))
    assert expiry(world.session.as_session, _stack()) == NOW + timedelta(days=9)
    assert expiry(world.session.as_session, Stack(id="arn", name="demo", status="UPDATE_COMPLETE")) is None


def test_an_extension_adds_to_the_present_expiry() -> None:
    """The message gives both times."""
    world = _deployed(NOW + timedelta(days=1))
    extension = extend(ENV, world.session.as_session, timedelta(days=2))
    assert (extension.before, extension.after) == (NOW + timedelta(days=1), NOW + timedelta(days=3))
    assert world.session.scheduler.starts[SCHEDULE] == extension.after


def test_an_extension_to_a_moment_may_be_repeated() -> None:
    """A job that was killed and runs again extends to the same moment."""
    world = _deployed(NOW + timedelta(days=1))
    moment = NOW + timedelta(days=3)
    assert [extend(ENV, world.session.as_session, moment).after for _ in range(2)] == [moment, moment]
    assert world.session.scheduler.starts[SCHEDULE] == moment


def test_an_extension_to_an_earlier_moment_is_refused() -> None:
    """Another user may have extended the environment meanwhile."""
    world = _deployed(NOW + timedelta(days=3))
    with pytest.raises(ExpiryRefusal, match="lives longer than that already"):
        extend(ENV, world.session.as_session, NOW + timedelta(days=2))
    assert world.session.scheduler.starts[SCHEDULE] == NOW + timedelta(days=3)


def test_an_extension_beyond_a_year_is_refused() -> None:
    """Counted from now, however often it is extended; the refusal gives the limit."""
    world = _deployed(NOW + timedelta(days=360))
    with pytest.raises(ExpiryRefusal, match="more than a year") as caught:
        extend(ENV, world.session.as_session, timedelta(days=6))
    assert "5d" in caught.value.next_step
    assert world.session.scheduler.starts[SCHEDULE] == NOW + timedelta(days=360)


def test_an_environment_without_ttl_cannot_be_extended() -> None:
    """The refusal names the key that would give it one."""
    world = _deployed(NOW)
    world.session.cloudformation.stacks["demo"] = Stack(
        id="arn",
        name="demo",
        status="UPDATE_COMPLETE",
        outputs=world.session.cloudformation.outputs("demo", {}),
        tags=TAGS,
    )
    with pytest.raises(ExpiryRefusal, match="does not delete itself"):
        extend(ENV, world.session.as_session, timedelta(days=2))


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_FAILED"])
def test_an_environment_in_deletion_cannot_be_extended(status: str) -> None:
    """It is too late."""
    world = _deployed(NOW - timedelta(minutes=5), status)
    with pytest.raises(ExpiredRefusal, match="is being deleted"):
        extend(ENV, world.session.as_session, timedelta(days=2))


def test_an_environment_just_before_its_expiry_cannot_be_extended() -> None:
    """Its deletion may begin before the call arrives."""
    world = _deployed(NOW - timedelta(seconds=5))
    with pytest.raises(ExpiredRefusal, match="expired at 1970-01-12"):
        extend(ENV, world.session.as_session, timedelta(days=2))


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"])
def test_a_failure_after_the_expiry_names_the_expiry(status: str) -> None:
    """Not a missing cluster or stack."""
    world = _deployed(NOW, status)
    with pytest.raises(ExpiredRefusal), explain_expiry(ENV, world.session.as_session):
        raise AwsRefusal("The cluster was not found.", code="ClusterNotFoundException")


def test_another_failure_does_not_name_the_expiry() -> None:
    """The environment still exists."""
    world = _deployed(NOW + timedelta(days=1))
    with pytest.raises(Refusal, match="The code is wrong"), explain_expiry(ENV, world.session.as_session):
        raise Refusal("The code is wrong.")
