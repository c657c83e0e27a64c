"""Promises of the alarm: the scheduler moves the schedules of its own environment, and nobody else does."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from troposphere import Template

from compiler.airflow.alarm import alarm_permissions, alarm_role_permissions, alarm_variables, beside
from compiler.environment_parts import process_role
from compiler.executors.roster import executor_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.releases.processes import Process
from tests.spec.minimal import ECS, PYTHON, minimal

DUE = "schedule: {when: due, grace: 20m}\n"
EXECUTORS = pytest.mark.parametrize("executor", [PYTHON, ECS])


def _sleeper(executor: str = PYTHON, more: str = "") -> Environment:
    return minimal("2.5.3, " + PYTHON, f"2.11.2, {executor.replace('3.10', '3.12')}", more=DUE + more)


def _variables(env: Environment, process: Process) -> Mapping[str, Any]:
    return alarm_variables(env, StackBuilder(name="services", template=Template()), process)


@EXECUTORS
def test_only_the_scheduler_knows_the_alarm_and_runs_its_watch(executor: str) -> None:
    """With the times of the YAML, and every schedule by its full name."""
    env = _sleeper(executor)
    told = {process.name: _variables(env, process) for process in env.processes}
    assert [name for name, variables in told.items() if variables] == ["scheduler"]
    assert [process.name for process in env.processes if beside(env, process)] == ["scheduler"]
    settings = json.loads(told["scheduler"]["WINDSOCK_ALARM"])
    assert (settings["grace"], settings["wake_before"], settings["learns"]) == (20, 15, True)
    assert settings["scheduler_off"] == ["windsock-demo-scheduler-off"]
    assert settings["database_on"] == ["windsock-demo-database-on"]
    assert "windsock-demo-scheduler-off" not in settings["services_off"]


def test_it_knows_the_office_hours() -> None:
    """As spans of the week, for the clock of their time zone; without hours it knows none."""
    hours = DUE.replace("}", ', on: "08:00-18:00 Mon", timezone: Europe/Berlin}')
    env = minimal(more=hours)
    (scheduler,) = (process for process in env.processes if process.name == "scheduler")
    told = json.loads(_variables(env, scheduler)["WINDSOCK_ALARM"])["hours"]
    assert told == {"spans": [[480, 1080]], "timezone": "Europe/Berlin"}
    assert json.loads(_variables(_sleeper(), scheduler)["WINDSOCK_ALARM"])["hours"] is None


@EXECUTORS
def test_the_scheduler_has_a_role_of_its_own(executor: str) -> None:
    """No other process may move the alarm, and no worker."""
    env = _sleeper(executor)
    roles = {process.name: process_role(env, process) for process in env.processes}
    assert [name for name, role in roles.items() if role == values.SCHEDULER_ROLE] == ["scheduler"]
    movers = {each.source for each in executor_of(env).permissions() if "scheduler:UpdateSchedule" in each.actions}
    assert movers == {"scheduler"}


def test_it_may_move_exactly_these_schedules_with_one_role() -> None:
    """Not the one that deletes an environment."""
    moves, _, passes = alarm_permissions(_sleeper(more="ttl: 3d\n"))
    named = {resource.rpartition("/")[2] for resource in moves.resources}
    assert "windsock-demo-scheduler-on" in named
    assert not any("*" in name or "expiry" in name for name in named)
    assert passes.resources == ("${AlarmRole.Arn}",)
    assert passes.conditions == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}


def test_the_schedules_start_and_stop_what_belongs_to_the_environment() -> None:
    """A database by its tag: its name is made later than the role."""
    services, database, page = alarm_role_permissions(_sleeper())
    assert services.actions == ("ecs:UpdateService",)
    assert database.conditions == {"StringEquals": {"aws:ResourceTag/windsock:environment": "demo"}}
    assert (page.actions, page.resources) == (("elasticloadbalancing:ModifyRule",), ("${AsleepRule}",))


def test_a_database_in_a_container_is_a_service() -> None:
    """It needs no permission of RDS."""
    env = _sleeper(more='database: {kind: container, version: "15", storage: efs}\n')
    assert [permission.sid for permission in alarm_role_permissions(env)] == ["ScaleServices", "TellVisitors"]
    (scheduler,) = (process for process in env.processes if process.name == "scheduler")
    assert json.loads(_variables(env, scheduler)["WINDSOCK_ALARM"])["database_off"] == ["windsock-demo-database-off"]


def test_without_it_nobody_may_move_schedules() -> None:
    """Office hours are the template's own."""
    for env in (minimal(), minimal(more='schedule: {on: "08:00-18:00 Mon", timezone: UTC}\n')):
        assert not list(alarm_permissions(env))
        assert not any(beside(env, process) or _variables(env, process) for process in env.processes)
