"""What AWS Backup is to copy is said in its own words, and looked at before AWS is asked."""

import pytest

from tests.spec.minimal import minimal, refused


def test_no_copies_are_taken_unless_the_yaml_says_so() -> None:
    """Then every day, for five weeks, and without a lock."""
    assert minimal().backup is None
    backup = minimal(more="backup: {}\n").backup
    assert backup is not None
    assert (backup.schedule, backup.keep_days, backup.lock) == ("cron(0 3 * * ? *)", 35, False)


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ('{schedule: "0 3 * * *"}', "is not a schedule of AWS Backup"),
        ('{schedule: "cron(0 3 * *)"}', "is not a schedule of AWS Backup"),
        ("{keep_days: 0}", "0 is less than 1"),
        ("{keep_days: 36501}", "36501 is more than 36500"),
    ],
)
def test_what_aws_backup_would_refuse_is_refused(section: str, why: str) -> None:
    """With what would be right."""
    assert why in str(refused(more=f"backup: {section}\n"))
