"""`windsock status`: how it is, in words and as JSON."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli.verbs.status import status_text
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health, ServiceHealth
from deployer.status import Status


def test_an_environment_that_is_not_deployed_is_one_sentence() -> None:
    """An environment that is not deployed is one sentence."""
    absent = Status(name="demo", region="us-west-2", stack="absent")
    assert status_text(absent) == "demo is not deployed in us-west-2."


def test_a_healthy_environment_shows_facts_and_services() -> None:
    """Facts come in columns, then the services."""
    health = Health(
        services=(ServiceHealth(process="scheduler", desired=1, running=1, healthy=1, rollout="COMPLETED"),),
        targets=(),
        web=WebHealth(reached=True),
        complaints=(),
    )
    seen = Status(
        name="demo",
        region="us-west-2",
        stack="UPDATE_COMPLETE",
        url="http://lb",
        airflow_version="2.5.3",
        health=health,
    )
    assert status_text(seen).splitlines() == [
        "environment  demo",
        "stack        UPDATE_COMPLETE",
        "health       healthy",
        "url          http://lb",
        "airflow      2.5.3",
        "",
        "PROCESS    DESIRED  RUNNING  HEALTHY  ROLLOUT",
        "scheduler  1        1        1        COMPLETED",
    ]


def test_files_that_cannot_be_imported_are_counted() -> None:
    """The first with its line; the rest is in the JSON."""
    errors = ("dags/one.py:1: ModuleNotFoundError", "dags/two.py: SyntaxError")
    seen = Status(name="demo", region="x", stack="UPDATE_COMPLETE", import_errors=errors)
    assert "imports      2 files cannot be imported, the first: dags/one.py:1: ModuleNotFoundError" in status_text(seen)


def test_a_former_instance_is_named_as_long_as_it_is_paid() -> None:
    """With the line of the YAML that keeps it."""
    seen = Status(name="demo", region="x", stack="UPDATE_COMPLETE", former=("Database/Instance",))
    assert (
        "former       Database/Instance; paid until database.former leaves the YAML" in status_text(seen).splitlines()
    )


def test_an_unhealthy_environment_shows_its_problems() -> None:
    """What is wrong stands at the end, in sentences."""
    health = Health(
        services=(), targets=(), web=WebHealth(reached=False), complaints=("The scheduler has no heartbeat.",)
    )
    lines = status_text(Status(name="demo", region="x", stack="UPDATE_COMPLETE", health=health)).splitlines()
    assert lines[-1] == "The scheduler has no heartbeat."
    assert "health       not healthy" in lines


MONDAY = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_ttl_shows_when_it_ends() -> None:
    """When it deletes itself stands among the facts."""
    seen = Status(name="demo", region="x", stack="UPDATE_COMPLETE", expires=datetime(2026, 11, 25, 13, tzinfo=UTC))
    assert "expires      2026-11-25 13:00 UTC" in status_text(seen).splitlines()


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"asleep": True, "awake_by_plan": False}, "health       asleep until Mon 08:00 Europe/Berlin"),
        ({"awake_by_plan": False}, "hours        over until Mon 08:00 Europe/Berlin, but awake"),
        ({"awake_by_plan": True}, "hours        awake until Mon 08:00 Europe/Berlin"),
    ],
)
def test_office_hours_show_the_next_change(more: dict[str, Any], line: str) -> None:
    """Asleep, woken at night, or awake by day; to sleep is no reason to complain."""
    health = Health(
        services=(), targets=(), web=WebHealth(reached=False), complaints=("The scheduler is switched off.",)
    )
    seen = Status(name="demo", region="x", stack="UPDATE_COMPLETE", health=health, change=MONDAY, **more)
    lines = status_text(seen).splitlines()
    assert line in lines
    assert ("The scheduler is switched off." in lines) is not seen.asleep
    assert seen.well is seen.asleep
