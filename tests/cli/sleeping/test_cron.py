"""Cron expressions are read as Airflow reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.sleeping.cron import read_cron

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("@hourly", 7 * 24),
        ("@daily", 7),
        ("@weekly", 1),
        ("@monthly", 1),
        ("30 2 * * *", 7),
        ("*/15 9-17 * * mon-fri", 5 * 9 * 4),
        ("0 6,18 * * 1,3", 4),
        ("0 0 * * 7", 1),
        ("0 0 3 * MON", 2),
        ("0 0 3 * *", 1),
        ("5/20 0 * JUN sat", 3),
        ("0 0 1 1 *", 0),
    ],
)
def test_a_week_has_so_many_runs(text: str, runs: int) -> None:
    """Names, ranges, steps and lists; of two kinds of days, one is enough."""
    cron = read_cron(text)
    assert cron is not None
    assert len([*cron.moments(MONDAY, MONDAY + timedelta(weeks=1))]) == runs


@pytest.mark.parametrize("text", ["", "0 0 L * *", "0 0 * * mon#1", "61 * * * *", "5-1 * * * *", "@often"])
def test_others_are_not_guessed(text: str) -> None:
    """What this does not know is said to be unknown."""
    assert read_cron(text) is None
