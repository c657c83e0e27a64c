"""What people changed by hand is found in every nested stack, and what cannot be looked at is said."""

from dataclasses import replace

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.stacks import PropertyDrift, ResourceDrift
from deployer.health.drift import Drift, HandChange, find_drift, stacks_of
from spec.environment import Environment
from tests.deployer.fakes.cloudformation import FakeCloudFormation, arn
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.session import FakeSession

SERVICE, PARAMETER, SCHEDULE = "AWS::ECS::Service", "AWS::SSM::Parameter", "AWS::Scheduler::Schedule"
OFFICE = environment(name='schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname')


def _drifted(type_: str, path: str, actual: str = "2") -> ResourceDrift:
    changed = PropertyDrift(path=path, expected="1", actual=actual)
    return ResourceDrift(logical_id="One", type=type_, properties=(changed,))


def _find(*found: ResourceDrift, env: Environment | None = None) -> Drift:
    session = FakeSession()
    session.cloudformation.by_hand = {"demo-services": found}
    return find_drift(env or environment(), session.as_session, {"Services": arn("demo-services")})


def test_a_change_is_found_under_its_logical_path() -> None:
    """With the property, and both values."""
    found = _drifted(SERVICE, "DesiredCount")
    assert _find(found).changes == (HandChange(path="Services/One", type=SERVICE, properties=found.properties),)


def test_a_resource_that_is_gone_is_found() -> None:
    """It has no properties."""
    (change,) = _find(ResourceDrift(logical_id="Group", type="AWS::Logs::LogGroup", deleted=True)).changes
    assert (change.path, change.deleted, change.properties) == ("Services/Group", True, ())


@pytest.mark.parametrize(
    ("found", "env"),
    [
        (_drifted(PARAMETER, "Value"), environment()),
        (_drifted(SCHEDULE, "StartDate"), environment()),
        (_drifted(SERVICE, "DesiredCount", "0"), OFFICE),
    ],
)
def test_what_windsock_changes_is_no_change_by_hand(found: ResourceDrift, env: Environment) -> None:
    """The deploy state, the start of an expiry, and services outside their office hours."""
    assert _find(found, env=env) == Drift()


@pytest.mark.parametrize(("path", "own"), [("State", True), ("ScheduleExpression", True), ("Target.Input", False)])
def test_what_the_watch_moves_is_no_change_by_hand(path: str, *, own: bool) -> None:
    """In the stack of the alarm alone; what its schedules call is nobody's to change."""
    session = FakeSession()
    session.cloudformation.by_hand = {"demo-alarm": (_drifted(SCHEDULE, path),)}
    seen = find_drift(environment(), session.as_session, {"Alarm": arn("demo-alarm")})
    assert bool(seen.changes) != own
    assert _find(_drifted(SCHEDULE, path)).changes


@pytest.mark.parametrize(
    ("stack", "logical_id", "path", "own"),
    [
        ("Edge", "AsleepRule", "Conditions.0.HostHeaderConfig.Values.0", True),
        ("Edge", "AsleepRule", "Actions.0.FixedResponseConfig.MessageBody", True),
        ("Edge", "AsleepRule", "Priority", False),
        ("Edge", "SiteRule", "Conditions.0.HostHeaderConfig.Values.0", False),
        ("Alarm", "SiteSleeps", "Target.Input", True),
        ("Alarm", "SiteSleeps", "Target.RoleArn", False),
    ],
)
def test_what_browsers_are_told_of_a_sleep_is_no_change_by_hand(
    stack: str, logical_id: str, path: str, *, own: bool
) -> None:
    """Schedules put the page up and take it away, and the watch writes on it when the environment wakes."""
    session = FakeSession()
    session.cloudformation.by_hand = {"demo-one": (replace(_drifted(SCHEDULE, path), logical_id=logical_id),)}
    seen = find_drift(environment(), session.as_session, {stack: arn("demo-one")})
    assert bool(seen.changes) != own


def test_a_service_without_tasks_is_a_change_where_nothing_sleeps() -> None:
    """Somebody stopped it."""
    assert _find(_drifted(SERVICE, "DesiredCount", "0")).changes


def test_a_detection_that_failed_in_part_tells_why() -> None:
    """What it found all the same is told too."""
    session = FakeSession()
    session.cloudformation.by_hand = {"demo-services": (_drifted(SERVICE, "DesiredCount"),)}
    session.cloudformation.blind = {"demo-services": "Failed to detect drift on resource [Role]"}
    drift = find_drift(environment(), session.as_session, {"Services": arn("demo-services")})
    assert len(drift.changes) == 1
    assert drift.unread == (
        "Services: what somebody changed by hand there is not wholly known. Failed to detect drift on resource [Role]",
    )


class _Denies(FakeCloudFormation):
    """Lets nobody look at one stack."""

    def detect_drift(self, stack_id: str) -> str:
        if stack_id == arn("denied"):
            raise AwsRefusal("AWS refused DetectStackDrift.", code="AccessDenied")
        return super().detect_drift(stack_id)


def test_a_stack_that_nobody_may_look_at_hides_no_other() -> None:
    """The refusal is told in a sentence."""
    session = FakeSession(cloudformation=_Denies(by_hand={"other": (_drifted(SERVICE, "DesiredCount"),)}))
    drift = find_drift(environment(), session.as_session, {"Denied": arn("denied"), "Other": arn("other")})
    assert [change.path for change in drift.changes] == ["Other/One"]
    assert drift.unread == (
        "Denied: what somebody changed by hand there is not wholly known. AWS refused DetectStackDrift.",
    )


def test_every_stack_that_holds_resources_is_looked_at() -> None:
    """The bootstrap stack too; nothing where there is no environment."""
    running = Running()
    session = running.world.session
    assert set(stacks_of(environment(), session.as_session)) == {"windsock-toolkit", "Storage", "Services"}
    assert stacks_of(environment(), FakeSession().as_session) == {}
