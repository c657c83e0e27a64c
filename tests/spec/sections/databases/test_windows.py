"""RDS works on an instance in the windows of the YAML, which it would refuse in another form."""

import pytest

from spec.sections.databases.windows import daily, overlap, weekly
from tests.spec.minimal import minimal, refused


def test_windows_are_minutes_that_may_cross_midnight_and_sunday() -> None:
    """A window goes on into the next day or week."""
    assert daily("02:00-03:00") == (120, 60)
    assert daily("23:45-00:15") == (1425, 30)
    assert weekly("mon:00:00-mon:00:30") == (0, 30)
    assert weekly("sun:23:30-mon:00:30") == (10050, 60)


@pytest.mark.parametrize(
    ("backup", "maintenance", "meets"),
    [
        ("02:00-03:00", "sun:03:00-sun:04:00", False),
        ("02:00-03:01", "sun:03:00-sun:04:00", True),
        ("03:10-03:50", "sun:03:00-sun:04:00", True),
        ("23:45-00:15", "mon:00:00-mon:00:30", True),
        ("23:00-23:30", "mon:00:00-mon:00:30", False),
    ],
)
def test_windows_meet_or_do_not(backup: str, maintenance: str, meets: bool) -> None:  # noqa: FBT001  # a case's answer
    """Also across the end of a day or week; one may follow the other at once."""
    assert overlap(backup, maintenance) is meets


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ('backup_window: "2:00-3:00"', '"02:00-03:00"'),
        ('backup_window: "02:00-02:29"', "30 minutes or more"),
        ("backup_days: 0, backup_window: '02:00-03:00'", "keep backups"),
        ('maintenance_window: "02:00-03:00"', '"sun:03:30-sun:04:30"'),
        ('maintenance_window: "sun:03:00-sun:03:20"', "30 minutes or more"),
        ('maintenance_window: "sun:03:00-mon:03:00"', "less than 24 hours"),
        ("monitoring_seconds: 20", "0, 1, 5, 10, 15, 30, 60"),
        ('backup_window: "03:00-04:00", maintenance_window: "sun:03:30-sun:04:30"', "do not meet"),
    ],
)
def test_what_rds_would_refuse_is_refused_with_what_is_right(keys: str, hint: str) -> None:
    """Before anything is created."""
    assert hint in refused(more=f"database: {{{keys}}}\n").hint


def test_the_windows_of_the_yaml_are_taken_as_they_are() -> None:
    """Without them RDS chooses."""
    env = minimal(more='database: {backup_window: "02:00-03:00", maintenance_window: "sun:03:30-sun:04:30"}\n')
    assert vars(env.database)["backup_window"] == "02:00-03:00"
    assert vars(env.database)["maintenance_window"] == "sun:03:30-sun:04:30"
    assert vars(minimal().database)["backup_window"] is None
