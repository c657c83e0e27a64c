"""An environment is observed by reading alone, and no more is read than a verb needs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deployer.inspect import inspect_for_deploy, inspect_for_push, inspect_for_teardown
from deployer.plans.observed import ObservedClient
from deployer.record.owned_resources import OwnedResources, write_note
from deployer.releases.store import NO_POINTER, move_pointer
from tests.deployer.fakes.calls import CountedCalls
from tests.deployer.fakes.environment import ROOT_TEMPLATE, STORAGE, World, environment, template_set
from tests.deployer.fakes.running import Running
from tests.spec.minimal import GOOGLE, minimal

READING = (
    "account",
    "objects",
    "exists",
    "get",
    "held",
    "held",
    "stack",
    "template",
    "resources",
    "services",
    "state",
    "read",
)


@pytest.fixture
def running() -> Running:
    """Return an environment that runs."""
    return Running()


def test_inspecting_writes_nothing(running: Running) -> None:
    """Every call that it makes only reads."""
    calls = CountedCalls(running.world.session)
    inspect_for_deploy(running.env, template_set(), calls.as_session)
    inspect_for_push(running.env, calls.as_session)
    inspect_for_teardown(running.env, calls.as_session)
    assert {name.partition(".")[2] for name in calls.made} <= set(READING)


def test_stacks_of_another_account_are_not_read(running: Running) -> None:
    """They may be somebody else's."""
    running.world.session.account = "999999999999"
    calls = CountedCalls(running.world.session)
    assert inspect_for_deploy(running.env, template_set(), calls.as_session).stack is None
    assert inspect_for_push(running.env, calls.as_session).stack is None
    assert inspect_for_teardown(running.env, calls.as_session).stack is None
    assert set(calls.made) == {"sts.account"}


def test_a_first_deploy_makes_few_calls() -> None:
    """An empty account needs few reads."""
    calls = CountedCalls(World().session)
    observed = inspect_for_deploy(environment(), template_set(), calls.as_session)
    assert (observed.stack, observed.outputs, observed.bootstrap.bucket) == (None, None, "")
    assert calls.made.total() == 3


def test_a_running_environment_is_read_whole(running: Running) -> None:
    """Stack, templates, state, code and services; of the nested templates those that differ."""
    running.world.session.parameters.values["marker"] = '{"code": "1"}'
    running.world.session.s3.put("code", "code/dags/one.py", b"x")
    running.world.session.rds.states["db-1"] = ["stopped"]
    stacks = running.world.session.cloudformation.stacks
    stacks["demo"] = replace(running.stack, outputs={**running.stack.outputs, "AsleepRule": "rule"})
    running.world.session.load_balancer.told = {"rule"}
    templates = template_set(STORAGE + "# new\n")
    observed = inspect_for_deploy(running.env, templates, running.world.session.as_session)
    assert observed.deployed == running.stack
    assert observed.root_template == ROOT_TEMPLATE
    assert observed.nested_templates == {"Storage": STORAGE}
    assert observed.state.code == "1"
    assert list(observed.code) == ["dags/one.py"]
    assert {service.name for service in observed.services} == {"Scheduler", "Webserver"}
    assert observed.database_asleep
    assert observed.page_shown


def test_what_is_noted_of_the_code_at_hand_is_not_read(running: Running) -> None:
    """It says nothing more where that is the current release; of another, it says who released what."""
    session = running.world.session
    move_pointer(session.as_session, "code", NO_POINTER, "1-other")
    seen = {}
    for release in ("other", "mine"):
        calls = CountedCalls(session)
        inspect_for_deploy(running.env, template_set(), calls.as_session, release=release)
        seen[release] = calls.made["s3.get"]
    assert seen["other"] == seen["mine"] - 1


def test_a_stack_of_somebody_else_is_not_read(running: Running) -> None:
    """Its outputs are none that a deploy could read."""
    stacks = running.world.session.cloudformation.stacks
    stacks["demo"] = replace(stacks["demo"], tags={}, outputs={"X": "1"})
    session = running.world.session.as_session
    assert inspect_for_deploy(running.env, template_set(), session).root_template == ""
    assert inspect_for_push(running.env, session).code == {}
    assert inspect_for_teardown(running.env, session).owned == OwnedResources()


def test_a_bootstrap_stack_without_its_bucket_has_none(running: Running) -> None:
    """A teardown may have deleted the bucket, and then failed to delete the stack."""
    outputs = {"TemplatesBucket": "templates"}
    running.world.session.cloudformation.put("windsock-toolkit", "DELETE_FAILED", outputs=outputs)
    session = running.world.session.as_session
    assert inspect_for_deploy(running.env, template_set(), session).bootstrap.bucket == "templates"
    del running.world.session.s3.buckets["templates"]
    assert inspect_for_deploy(running.env, template_set(), session).bootstrap.bucket == ""


@pytest.mark.parametrize(
    ("value", "client"),
    [
        (None, ObservedClient()),
        ("{}", ObservedClient(secret=True)),
        ('{"client_id": "x", "client_secret": "y"}', ObservedClient(secret=True, filled=True)),
    ],
)
def test_the_oauth_client_is_observed_without_its_value(value: str | None, client: ObservedClient) -> None:
    """A plan can be printed."""
    running = Running(env=minimal(more=GOOGLE))
    if value is not None:
        running.world.session.secrets.values["demo/oauth"] = value
    assert inspect_for_deploy(running.env, template_set(), running.world.session.as_session).client == client


def test_a_push_counts_services_only_where_they_may_sleep(running: Running) -> None:
    """Without office hours nothing sleeps."""
    session = running.world.session.as_session
    assert inspect_for_push(running.env, session).services == ()
    env = environment(name='schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname')
    assert len(inspect_for_push(env, session).services) == 2


@pytest.mark.parametrize("start", [timedelta(hours=3), None])
def test_an_alarm_without_a_start_rings_now(running: Running, start: timedelta | None) -> None:
    """As the template makes it, or while an environment wakes; without a schedule nobody asks."""
    env, session = environment(name="schedule: {when: due}\nname"), running.world.session
    assert inspect_for_deploy(env, template_set(), session.as_session).alarm is None
    session.scheduler.said["windsock-demo-scheduler-on"] = "Awake"
    now = inspect_for_deploy(env, template_set(), session.as_session).now
    if start:
        session.scheduler.starts["windsock-demo-scheduler-on"] = now + start
    assert inspect_for_deploy(env, template_set(), session.as_session).alarm == now + (start or timedelta())
    assert inspect_for_deploy(running.env, template_set(), session.as_session).alarm is None


def test_a_teardown_owns_what_is_there_and_what_was_noted(running: Running) -> None:
    """A teardown that was killed is completed by the next."""
    session = running.world.session.as_session
    write_note(session, "templates", "demo", OwnedResources(databases=("db-0",)))
    assert inspect_for_teardown(running.env, session).owned.databases == ("db-0", "db-1")
    del running.world.session.cloudformation.stacks["demo"]
    assert inspect_for_teardown(running.env, session).owned == OwnedResources(databases=("db-0",))


def _zones(running: Running, **names: str) -> tuple[str, ...]:
    """Return the zones of an environment in a region that lacks Fargate in one of three zones."""
    fake = running.world.session.ec2
    fake.names = {zone.replace("_", "-"): name for zone, name in names.items()}
    fake.places = {"subnet-1": "us-west-1c", "subnet-2": "us-west-1a"}
    env = environment(**{"us-west-2": "us-west-1"})
    return inspect_for_deploy(env, template_set(), running.world.session.as_session).zones


def test_a_new_environment_gets_two_zones_with_fargate(running: Running) -> None:
    """By their ids: a name means another zone in another account."""
    running.world.session.cloudformation.stacks.clear()
    zones = _zones(running, usw1_az2="us-west-1a", usw1_az3="us-west-1b", usw1_az1="us-west-1c")
    assert zones == ("us-west-1c", "us-west-1b")


def test_an_environment_keeps_the_zones_of_its_parameters(running: Running) -> None:
    """Whatever zones there are by now: others would replace its subnets."""
    stacks = running.world.session.cloudformation.stacks
    known = {**running.stack.parameters, "ZoneA": "us-west-1x", "ZoneB": "us-west-1y"}
    stacks["demo"] = replace(running.stack, parameters=known)
    assert _zones(running, usw1_az1="us-west-1a") == ("us-west-1x", "us-west-1y")


def test_an_environment_without_such_parameters_keeps_the_zones_of_its_subnets(running: Running) -> None:
    """An earlier release chose them by their order."""
    assert _zones(running, usw1_az1="us-west-1a") == ("us-west-1c", "us-west-1a")


def test_a_third_zone_comes_after_those_of_the_environment(running: Running) -> None:
    """Those that it has keep their places: others would replace its subnets."""
    known = {**running.stack.parameters, "ZoneA": "ap-northeast-1c", "ZoneB": "ap-northeast-1a"}
    running.world.session.cloudformation.stacks["demo"] = replace(running.stack, parameters=known)
    names = {"apne1-az1": "ap-northeast-1a", "apne1-az2": "ap-northeast-1b", "apne1-az4": "ap-northeast-1c"}
    running.world.session.ec2.names = names
    env = environment(**{"us-west-2": "ap-northeast-1", "network: {": "network: {zones: 3, "})
    zones = inspect_for_deploy(env, template_set(), running.world.session.as_session).zones
    assert zones == ("ap-northeast-1c", "ap-northeast-1a", "ap-northeast-1b")


def test_changes_by_hand_are_looked_for_where_something_changes(running: Running) -> None:
    """A deploy that changes no nested stack asks nothing of the kind; one that looks closely asks of all."""
    fake = running.world.session.cloudformation
    session, same = running.world.session.as_session, template_set()
    inspect_for_deploy(environment(), same, session)
    assert fake.detections == []
    changed = template_set("Resources: {Other: {Type: AWS::S3::Bucket, DeletionPolicy: Delete}}\n")
    inspect_for_deploy(environment(), changed, session)
    assert fake.detections == ["demo-storage"]
    inspect_for_deploy(environment(), same, session, closely=True)
    assert sorted(fake.detections[1:]) == ["demo-services", "demo-storage"]
