"""Which environments there are, the tags of root stacks tell."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from deployer.list_environments import DeployedTemplate, deployed_templates, list_environments, root_stacks
from tests.deployer.fakes.environment import World
from tests.deployer.fakes.session import FakeSession


def test_root_stacks_of_environments_are_found() -> None:
    """Not the toolkit, not nested stacks, which bear the same tag, not other people's, not what is gone."""
    session = FakeSession()
    put = session.cloudformation.put
    put("demo", "CREATE_COMPLETE", tags={"windsock:environment": "demo"})
    put("demo-main", "DELETE_IN_PROGRESS", tags={"windsock:environment": "demo-main", "windsock:branch": "main"})
    put("demo-Storage-1", "CREATE_COMPLETE", tags={"windsock:environment": "demo"})
    put("windsock-toolkit", "CREATE_COMPLETE")
    put("somebody", "CREATE_COMPLETE", tags={"team": "data"})
    put("gone", "DELETE_COMPLETE", tags={"windsock:environment": "gone"})
    put("draft", "REVIEW_IN_PROGRESS", tags={"windsock:environment": "draft"})
    assert [stack.name for stack in root_stacks(session.as_session)] == ["demo", "demo-main"]


def test_an_empty_account_has_none() -> None:
    """And that is no failure."""
    assert root_stacks(FakeSession().as_session) == ()


def _deployed(**stack: Any) -> World:
    world = World()
    fake = world.session.cloudformation
    told = fake.outputs("demo", {"SchedulerCount": "1", "WebserverCount": "1"})
    told = {**told, "ClusterName": "cluster"}
    fields = {"outputs": told, "tags": {"windsock:environment": "demo", "windsock:branch": "feature/x"}, **stack}
    fake.put("demo", str(fields.pop("status", "UPDATE_COMPLETE")), **fields)
    return world


def test_an_environment_is_listed() -> None:
    """Branch and release, and that its services run."""
    (listed,) = list_environments(_deployed().session.as_session)
    assert (listed.name, listed.branch, listed.airflow_version) == ("demo", "feature/x", "2.5.3")
    assert (listed.health, listed.expires) == ("running", None)


def test_what_does_not_run_is_told() -> None:
    """Switched off is one thing, half of it another."""
    world = _deployed()
    running = world.session.ecs.running
    running["Scheduler"] = replace(running["Scheduler"], running=0)
    assert [one.health for one in list_environments(world.session.as_session)] == ["1 of 2 running"]
    for name in ("Scheduler", "Webserver"):
        running[name] = replace(running[name], desired=0, running=0)
    assert [one.health for one in list_environments(world.session.as_session)] == ["switched off"]


@pytest.mark.parametrize(
    ("status", "health"), [("DELETE_IN_PROGRESS", "delete in progress"), ("ROLLBACK_COMPLETE", "rollback complete")]
)
def test_a_stack_under_way_says_so(status: str, health: str) -> None:
    """In CloudFormation's words; there may be no services yet, or none any more."""
    world = _deployed(status=status, outputs={})
    assert [one.health for one in list_environments(world.session.as_session)] == [health]


def test_deployed_templates_come_with_their_parameters() -> None:
    """By the names of their files, as they are priced."""
    world = _deployed()
    fake = world.session.cloudformation
    fake.put("demo-storage", "CREATE_COMPLETE", template="Resources: {}\n", parameters={"A": "1"})
    fake.put("demo-services", "DELETE_COMPLETE")
    (stack,) = root_stacks(world.session.as_session)
    assert list(deployed_templates(world.session.as_session, stack)) == [
        DeployedTemplate("storage", "Resources: {}\n", {"A": "1"})
    ]


def test_the_expiry_is_the_schedules() -> None:
    """Which may have been moved since the stack was told of it."""
    world = _deployed()
    (stack,) = root_stacks(world.session.as_session)
    outputs = {**stack.outputs, "ExpirySchedule": "windsock-demo-expiry"}
    world.session.cloudformation.stacks["demo"] = replace(stack, outputs=outputs)
    moment = datetime(2026, 11, 25, 8, tzinfo=UTC)
    world.session.scheduler.starts["windsock-demo-expiry"] = moment
    assert [one.expires for one in list_environments(world.session.as_session)] == [moment]
