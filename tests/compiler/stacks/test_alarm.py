"""Promises of the alarm's schedules: as the template makes them they wake, and stop nothing."""

import json
from typing import Any

import pytest

from compiler.airflow.alarm import alarm_permissions, alarm_role_permissions, topic_arn
from compiler.compile import compile_environment
from compiler.lint import lint
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal

RDS = ""
CONTAINER = 'database: {kind: container, version: "15", storage: efs}\n'


def _schedules(more: str) -> dict[str, dict[str, Any]]:
    templates = compile_environment(minimal(more=f"schedule: {{when: due}}\n{more}"))
    resources = read_template(templates.files["alarm.yaml"])["Resources"]
    return {title: entry["Properties"] for title, entry in resources.items()}


@pytest.mark.parametrize("database", [RDS, CONTAINER])
def test_what_nobody_moved_wakes_every_hour_and_stops_nothing(database: str) -> None:
    """Also what a change of the stack made anew."""
    schedules = _schedules(database)
    on = {name: one for name, one in schedules.items() if one["Name"].endswith("-on")}
    off = {name: one for name, one in schedules.items() if one["Name"].endswith("-off")}
    assert len(on) == len(off) == len(schedules) / 2
    assert {one["ScheduleExpression"] for one in on.values()} == {"cron(0 * * * ? *)"}
    assert "DISABLED" not in [one.get("State", "ENABLED") for one in on.values()]
    assert {one["State"] for one in off.values()} == {"DISABLED"}


def test_no_service_starts_or_stops_before_the_database_is_initialised() -> None:
    """The schedule uses the root's count, which is zero until then, and while a migration runs: it waits so long.

    A full hour between the services' start and the schedule's next count would stop what has just started.
    """
    schedule = _schedules(RDS)["SchedulerWakes"]
    assert '"DesiredCount":${SchedulerCount}' in str(schedule["Target"]["Input"])
    assert schedule["State"] == {"Fn::If": ["SchedulerCountAboveZero", "ENABLED", "DISABLED"]}


def test_a_stop_that_AWS_refuses_is_not_tried_for_long() -> None:  # noqa: N802  # AWS is a name
    """The environment may have been woken meanwhile."""
    policies = [one["Target"]["RetryPolicy"] for one in _schedules(RDS).values()]
    assert {policy["MaximumEventAgeInSeconds"] for policy in policies} == {300}


def test_without_it_there_is_no_stack() -> None:
    """Nor with office hours."""
    hours = 'schedule: {on: "08:00-18:00 Mon", timezone: UTC}\n'
    assert all("alarm" not in compile_environment(minimal(more=more)).nested for more in ("", hours))


TOPIC = "arn:aws:sns:us-west-2:123456789012:on-call"


def test_a_topic_is_told_by_a_schedule_that_the_watch_moves() -> None:
    """As the template makes it, it tells nobody; its role may tell this topic alone."""
    env = minimal(more=f"schedule: {{when: due, alarm_topic: '{TOPIC}'}}\n")
    templates = compile_environment(env)
    assert lint(templates, region=env.aws.region) == ()
    tells = read_template(templates.files["alarm.yaml"])["Resources"]["TellsLate"]["Properties"]
    assert (tells["Name"], tells["State"]) == ("windsock-demo-late", "DISABLED")
    assert json.loads(tells["Target"]["Input"]["Fn::Sub"])["TopicArn"] == topic_arn(TOPIC)
    publishing = [each for each in alarm_role_permissions(env) if each.actions == ("sns:Publish",)]
    assert [each.resources for each in publishing] == [(topic_arn(TOPIC),)]
    assert any(name.endswith("windsock-demo-late") for name in next(iter(alarm_permissions(env))).resources)
