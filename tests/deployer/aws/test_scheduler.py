"""Schedules through the real client, answered by hand."""

from datetime import UTC, datetime
from typing import Any

from deployer.aws.scheduler import Scheduler
from tests.deployer.aws.stub import stubbed

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 7, 3, 12, tzinfo=UTC)
KEPT: dict[str, Any] = {
    "Name": "s",
    "GroupName": "default",
    "ScheduleExpression": "rate(1 hour)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack", "RoleArn": "r", "Input": "{}"},
}
ANSWER = {**KEPT, "Arn": "a", "CreationDate": NOON, "LastModificationDate": NOON, "StartDate": NOON}


def test_the_start_of_a_schedule_is_a_moment() -> None:
    """With its time zone."""
    client, stub = stubbed("scheduler")
    stub.add_response("get_schedule", ANSWER, {"Name": "s"})
    assert Scheduler(client).start("s") == NOON


def test_a_missing_schedule_has_no_start() -> None:
    """It may have gone with its stack."""
    client, stub = stubbed("scheduler")
    stub.add_client_error("get_schedule", "ResourceNotFoundException")
    assert Scheduler(client).start("s") is None


def test_a_schedule_says_what_it_is_for() -> None:
    """One that is gone says nothing."""
    client, stub = stubbed("scheduler")
    stub.add_response("get_schedule", {**ANSWER, "Description": "Awake: a run"}, {"Name": "s"})
    stub.add_client_error("get_schedule", "ResourceNotFoundException")
    assert (Scheduler(client).description("s"), Scheduler(client).description("s")) == ("Awake: a run", "")


def test_moving_a_schedule_keeps_its_other_settings() -> None:
    """An update without a setting would reset it."""
    client, stub = stubbed("scheduler")
    stub.add_response("get_schedule", ANSWER, {"Name": "s"})
    stub.add_response("update_schedule", {"ScheduleArn": "a"}, {**KEPT, "StartDate": LATER})
    Scheduler(client).move("s", LATER)
    stub.assert_no_pending_responses()
