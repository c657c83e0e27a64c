"""Status says how an environment is without changing it."""

import json
from pathlib import Path
from typing import Any

import pytest

from compiler.contract import RELEASE_DIGITS
from deployer.aws.stacks import PropertyDrift, Resource, ResourceDrift
from deployer.deploy import deploy
from deployer.status import status
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import Recorder


def test_nothing_deployed_is_absent() -> None:
    """No error: it is an answer."""
    seen = status(environment(), World().session.as_session)
    assert (seen.stack, seen.well) == ("absent", False)


def test_a_running_environment_is_well(tmp_path: Path) -> None:
    """Versions, address and the way to the password, but never the password."""
    world = World()
    deployment = deploy(
        environment(),
        template_set(),
        world.session.as_session,
        images=Images(),
        progress=Recorder(),
        airflow_home=write_home(tmp_path),
    )
    seen = status(environment(), world.session.as_session)
    assert seen.well
    assert (seen.airflow_version, seen.code_version, seen.url) == (
        "2.5.3",
        deployment.code_version[:RELEASE_DIGITS],
        "http://127.0.0.1:9",
    )
    assert seen.password_command.startswith("aws secretsmanager get-secret-value --region us-west-2")


def test_what_somebody_changed_by_hand_is_told(tmp_path: Path) -> None:
    """The number of tasks always; whatever CloudFormation finds where that is asked for, and what it could not read."""
    world, env = World(), environment()
    home = write_home(tmp_path)
    deploy(env, template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home)
    world.session.ecs.scale("cluster", "Scheduler", 3)
    assert status(env, world.session.as_session).by_hand == ("scheduler: 1 -> 3 tasks",)
    fake = world.session.cloudformation
    assert fake.detections == []
    changed = PropertyDrift(path="RetentionInDays", expected="30", actual="1")
    fake.by_hand = {
        "demo-services": (ResourceDrift(logical_id="Logs", type="AWS::Logs::LogGroup", properties=(changed,)),),
        "demo-storage": (ResourceDrift(logical_id="CodeBucket", type="AWS::S3::Bucket", deleted=True),),
    }
    fake.blind = {"windsock-toolkit": "no"}
    assert set(status(env, world.session.as_session, closely=True).by_hand) == {
        "Services/Logs RetentionInDays: 30 -> 1",
        "Storage/CodeBucket is gone",
        "windsock-toolkit: what somebody changed by hand there is not wholly known. no",
    }


def test_an_instance_whose_place_another_has_taken_is_named(tmp_path: Path) -> None:
    """It is paid; the serving instance is not named so."""
    world = World()
    home = write_home(tmp_path)
    deploy(
        environment(), template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home
    )
    assert status(environment(), world.session.as_session).former == ()
    former = Resource(logical_id="Instance", physical_id="db-0", type="AWS::RDS::DBInstance", status="")
    world.session.cloudformation.members["demo-storage"] += (former,)
    assert status(environment(), world.session.as_session).former == ("Storage/Instance",)


def test_a_stack_under_way_has_only_a_status() -> None:
    """Outputs come at the end."""
    world = World()
    world.session.cloudformation.put("demo", "CREATE_IN_PROGRESS", tags={"windsock:environment": "demo"})
    seen = status(environment(), world.session.as_session)
    assert (seen.stack, seen.outputs, seen.well) == ("CREATE_IN_PROGRESS", None, False)


HOURS = 'schedule: {{on: "{}", timezone: UTC}}\nname'
OPEN, SHUT = HOURS.format("12:00-18:00 Mon"), HOURS.format("12:00-18:00 Tue")  # it is Monday, 13:46


@pytest.mark.parametrize(("hours", "asleep"), [(OPEN, False), (SHUT, True)])
def test_services_at_zero_are_asleep_outside_office_hours_only(tmp_path: Path, hours: str, *, asleep: bool) -> None:
    """By day the same is a fault."""
    world, env = World(), environment(name=hours)
    home = write_home(tmp_path)
    deploy(env, template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home)
    for name in list(world.session.ecs.running):
        world.session.ecs.scale("cluster", name, 0)
    seen = status(env, world.session.as_session)
    assert (seen.asleep, seen.well, seen.awake_by_plan) == (asleep, asleep, not asleep)
    assert seen.change is not None


@pytest.mark.parametrize("awake", [True, False])
def test_an_environment_that_sleeps_until_something_is_due_says_what_its_alarm_says(
    tmp_path: Path, *, awake: bool
) -> None:
    """At zero it is asleep at any hour, and nothing is wrong."""
    world, env = World(), environment(name="schedule: {when: due}\nname")
    home = write_home(tmp_path)
    deploy(env, template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home)
    for name in [] if awake else list(world.session.ecs.running):
        world.session.ecs.scale("cluster", name, 0)
    world.session.scheduler.said["windsock-demo-scheduler-on"] = "Awake: a run"
    seen = status(env, world.session.as_session)
    assert (seen.asleep, seen.well, seen.change, seen.alarm) == (not awake, True, None, "Awake: a run")


def test_an_upgrade_that_was_broken_off_is_the_first_complaint(tmp_path: Path) -> None:
    """It explains the services at zero."""
    world, home = World(), write_home(tmp_path)
    given: dict[str, Any] = {"images": Images(), "progress": Recorder(), "airflow_home": home}
    deploy(environment(), template_set(), world.session.as_session, **given)
    state = json.loads(world.session.parameters.values["marker"])
    world.session.parameters.values["marker"] = json.dumps({**state, "migrating": "2.11.2"})
    seen = status(environment(), world.session.as_session)
    assert not seen.well
    assert seen.health is not None
    assert "between Airflow 2.5.3 and 2.11.2 is not done" in seen.health.complaints[0]
