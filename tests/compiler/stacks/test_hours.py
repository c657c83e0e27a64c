"""Promises of the office hours: the database starts before the services and stops after them, by local time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def _schedules(case: Case) -> dict[str, dict[str, Any]]:
    resources = case.parsed["hours.yaml"]["Resources"]
    return {title: entry["Properties"] for title, entry in resources.items() if title != "SchedulesRole"}


def _times(case: Case, prefix: str) -> set[str]:
    return {given["ScheduleExpression"] for title, given in _schedules(case).items() if title.startswith(prefix)}


def test_without_a_schedule_there_is_no_stack(smallest: Case) -> None:
    """The environment is always awake."""
    assert "hours" not in smallest.templates.nested


def test_services_wake_and_sleep_with_the_hours(mayfly: Case) -> None:
    """Every process, at each time of day that the hours name."""
    for process in ("Webserver", "Scheduler", "DagProcessor", "Triggerer"):
        assert _times(mayfly, f"{process}Wakes") == {"cron(0 8 ? * MON,TUE,WED,THU,FRI *)"}
        assert _times(mayfly, f"{process}Sleeps") == {"cron(0 16 ? * FRI *)", "cron(0 18 ? * MON,TUE,WED,THU *)"}


def test_the_database_is_there_before_and_after(mayfly: Case) -> None:
    """It takes minutes to start, and what still runs at closing time writes to it until it ends."""
    assert _times(mayfly, "DatabaseStarts") == {"cron(45 7 ? * MON,TUE,WED,THU,FRI *)"}
    assert _times(mayfly, "DatabaseStops") == {"cron(10 16 ? * FRI *)", "cron(10 18 ? * MON,TUE,WED,THU *)"}


def test_schedules_have_the_users_time_zone(mayfly: Case) -> None:
    """The service knows the time zone, and with it summer time."""
    assert {given["ScheduleExpressionTimezone"] for given in _schedules(mayfly).values()} == {"Europe/Berlin"}


def test_no_service_starts_before_the_database_is_initialised(mayfly: Case) -> None:
    """The schedule uses the root's count, which is zero until then."""
    said = _schedules(mayfly)["SchedulerWakes1"]["Target"]["Input"]["Fn::Sub"]
    assert said == '{"Cluster":"${ClusterName}","Service":"${SchedulerService}","DesiredCount":${SchedulerCount}}'
    said = _schedules(mayfly)["SchedulerSleeps1"]["Target"]["Input"]["Fn::Sub"]
    assert said.endswith('"DesiredCount":0}')


def test_the_role_reaches_these_services_and_this_database(mayfly: Case) -> None:
    """By name, with the permissions to scale, to start and to stop them."""
    role = mayfly.parsed["hours.yaml"]["Resources"]["SchedulesRole"]["Properties"]
    scale, database, page = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert scale["Action"] == ["ecs:UpdateService"]
    assert len(scale["Resource"]) == 4
    assert database["Action"] == ["rds:StartDBInstance", "rds:StopDBInstance"]
    assert (page["Action"], page["Resource"]) == (["elasticloadbalancing:ModifyRule"], [{"Ref": "AsleepRule"}])
    assert "*" not in str(scale["Resource"]) + str(database["Resource"])
