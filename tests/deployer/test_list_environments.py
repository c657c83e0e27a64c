"""Environments are found by the tags of their root stacks."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.list_environments import (
    DeployedTemplate,
    deployed_templates,
    find_elsewhere,
    list_account,
    root_stacks,
)
from tests.deployer.fakes.calls import CountedCalls
from tests.deployer.fakes.environment import World
from tests.deployer.fakes.session import FakeSession


def test_root_stacks_of_environments_are_found() -> None:
    """Neither the bootstrap stack, nor nested stacks with the same tag, nor foreign or deleted stacks."""
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


def test_networks_are_listed_with_who_stands_in_them() -> None:
    """By the tag of their stacks, and by who imports their VPC."""
    session = FakeSession()
    put = session.cloudformation.put
    put("team", "CREATE_COMPLETE", tags={"windsock:network": "team"})
    put("empty", "UPDATE_COMPLETE", tags={"windsock:network": "empty"})
    put("demo", "CREATE_COMPLETE", tags={"windsock:environment": "demo"})
    session.cloudformation.imported["team-Vpc"] = ("demo", "demo-branch")
    found = {one.stack.name: one.environments for one in list_account(session.as_session)[1]}
    assert found == {"empty": (), "team": ("demo", "demo-branch")}


def test_the_stacks_of_the_account_are_read_once() -> None:
    """An account may have hundreds; environments and networks are among the same."""
    world = _deployed()
    world.session.cloudformation.put("team", "CREATE_COMPLETE", tags={"windsock:network": "team"})
    calls = CountedCalls(world.session)
    environments, networks = list_account(calls.as_session)
    assert [one.name for one in environments] == ["demo"]
    assert [one.stack.name for one in networks] == ["team"]
    assert calls.made["cloudformation.stacks_of_account"] == 1


def _deployed(**stack: Any) -> World:
    world = World()
    fake = world.session.cloudformation
    outputs = fake.outputs("demo", {"SchedulerCount": "1", "WebserverCount": "1"})
    outputs = {**outputs, "ClusterName": "cluster"}
    fields = {"outputs": outputs, "tags": {"windsock:environment": "demo", "windsock:branch": "feature/x"}, **stack}
    fake.put("demo", str(fields.pop("status", "UPDATE_COMPLETE")), **fields)
    return world


def test_an_environment_is_listed() -> None:
    """Branch and release, and that its services run."""
    (listed,) = list_account(_deployed().session.as_session)[0]
    assert (listed.name, listed.branch, listed.airflow_version) == ("demo", "feature/x", "2.5.3")
    assert (listed.health, listed.expires) == ("running", None)


def test_a_stopped_environment_has_its_own_state() -> None:
    """Switched off is one state, partly running another."""
    world = _deployed()
    running = world.session.ecs.running
    running["Scheduler"] = replace(running["Scheduler"], running=0)
    assert [one.health for one in list_account(world.session.as_session)[0]] == ["1 of 2 running"]
    for name in ("Scheduler", "Webserver"):
        running[name] = replace(running[name], desired=0, running=0)
    assert [one.health for one in list_account(world.session.as_session)[0]] == ["switched off"]


@pytest.mark.parametrize(
    ("status", "health"), [("DELETE_IN_PROGRESS", "delete in progress"), ("ROLLBACK_COMPLETE", "rollback complete")]
)
def test_a_stack_in_progress_shows_its_status(status: str, health: str) -> None:
    """In CloudFormation's words; its services may not exist yet, or no longer."""
    world = _deployed(status=status, outputs={})
    assert [one.health for one in list_account(world.session.as_session)[0]] == [health]


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


def test_the_expiry_is_read_from_the_schedule() -> None:
    """`extend` may have moved it after the stack's parameter was written."""
    world = _deployed()
    (stack,) = root_stacks(world.session.as_session)
    outputs = {**stack.outputs, "ExpirySchedule": "windsock-demo-expiry"}
    world.session.cloudformation.stacks["demo"] = replace(stack, outputs=outputs)
    moment = datetime(2026, 11, 25, 8, tzinfo=UTC)
    world.session.scheduler.starts["windsock-demo-expiry"] = moment
    assert [one.expires for one in list_account(world.session.as_session)[0]] == [moment]


def test_an_environment_is_found_in_another_region() -> None:
    """By its tag; a region that is closed, or has a stack of somebody else, has none."""
    there, foreign, closed = FakeSession(region="eu-west-1"), FakeSession(region="eu-west-2"), FakeSession()
    there.cloudformation.put("demo", "CREATE_COMPLETE", tags={"windsock:environment": "demo"})
    foreign.cloudformation.put("demo", "CREATE_COMPLETE")

    def refuse() -> None:
        raise AwsRefusal("no", code="UnrecognizedClientException")

    closed.cloudformation.on_tick = [refuse]
    sessions = (closed.as_session, foreign.as_session, there.as_session)
    assert find_elsewhere("demo", sessions) == ("eu-west-1",)
