"""Promises of schedules: the moments of a week as expressions, and names that the service takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.contract import schedule_name
from compiler.resources.schedules import TRY_SECONDS, crons
from spec.constrained_types import ENVIRONMENT_NAME_MAXIMUM
from spec.environment import DEFAULT_SIZES
from spec.sections.schedules.hours import DAY, SHORTEST, WEEK

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

SCHEDULE = "AWS::Scheduler::Schedule"


@pytest.mark.parametrize(
    ("moments", "expressions"),
    [
        ([480, DAY + 480], ("cron(0 8 ? * MON,TUE *)",)),
        ([480, DAY + 540], ("cron(0 8 ? * MON *)", "cron(0 9 ? * TUE *)")),
        ([-15], ("cron(45 23 ? * SUN *)",)),
        ([WEEK + 5], ("cron(5 0 ? * MON *)",)),
    ],
)
def test_moments_of_a_week_are_expressions(moments: list[int], expressions: tuple[str, ...]) -> None:
    """One for each time of day; before Monday comes Sunday."""
    assert crons(moments) == expressions


def test_names_are_short_enough() -> None:
    """The service takes 64 characters, the environment may have 32 of them."""
    assert all(name in {"dag_processor", "triggerer"} for name in DEFAULT_SIZES)
    assert len(schedule_name("x" * ENVIRONMENT_NAME_MAXIMUM, "dag-processor-off-21")) <= 64


def test_a_call_is_retried_for_a_bounded_time_only(mayfly: Case) -> None:
    """A late stop would stop services that should run again."""
    assert TRY_SECONDS <= SHORTEST * 60
    for schedule in mayfly.resources(SCHEDULE).values():
        assert schedule["Properties"]["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == TRY_SECONDS


def test_every_schedule_has_the_environments_prefix(mayfly: Case) -> None:
    """Schedules have no tags, so the deletion role names them by prefix."""
    names = [schedule["Properties"]["Name"] for schedule in mayfly.resources(SCHEDULE).values()]
    assert all(name.startswith("windsock-mayfly-") for name in names)
    assert len(set(names)) == len(names)
