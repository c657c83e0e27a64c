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
        ('{schedule: "0 3 * * *"}', "is not cron(…) with 6 fields and single spaces"),
        ('{schedule: "cron(0 3 * * * *)"}', "needs ? in one of the two fields of days"),
        ('{schedule: "cron(0/15 3 * * ? *)"}', "is due more than once an hour"),
        ("{keep_days: 0}", "0 is less than 1"),
        ("{keep_days: 36501}", "36501 is more than 36500"),
    ],
)
def test_what_aws_backup_would_refuse_is_refused(section: str, why: str) -> None:
    """With what would be right."""
    assert why in str(refused(more=f"backup: {section}\n"))


@pytest.mark.parametrize(
    "schedule",
    ['{on: "08:00-18:00 Mon-Fri", timezone: Europe/Berlin}', "{when: due}"],
)
def test_an_instance_is_not_copied_while_it_sleeps(schedule: str) -> None:
    """RDS takes no snapshot of a stopped instance: every copy would fail, and nobody would see it."""
    fault = refused(more=f"schedule: {schedule}\nbackup: {{}}\n")
    assert "an instance that is stopped cannot be copied" in str(fault)
    assert "choose an hour, in UTC, at which schedule has it awake" in str(fault)


def test_an_hour_at_which_it_is_awake_will_do() -> None:
    """In winter or in summer, on any day."""
    hours = 'schedule: {on: "08:00-18:00 Mon-Fri", timezone: Europe/Berlin}\n'
    assert minimal(more=f'{hours}backup: {{schedule: "cron(30 16 ? * FRI *)"}}\n').backup
    due = 'schedule: {when: due, on: "08:00-18:00 Mon-Fri", timezone: UTC}\n'
    assert minimal(more=f'{due}backup: {{schedule: "cron(0 12 * * ? *)"}}\n').backup
    files = "database: {kind: container, engine: postgres, version: '15'}\n"
    assert minimal(more=f"{hours}{files}backup: {{}}\n").backup


def test_nothing_to_copy_is_refused() -> None:
    """A vault would stay empty, and somebody would trust in it."""
    database = "database: {kind: container, engine: postgres, version: '15', storage: ephemeral}\n"
    more = f"{database}code: {{delivery: release}}\nbackup: {{}}\n"
    assert "there is nothing to copy" in str(refused(more=more))
    assert minimal(more=more.replace("release", "efs")).backup


def test_an_environment_that_deletes_itself_leaves_no_copies() -> None:
    """Nobody would delete them."""
    assert "would stay behind" in str(refused(more="ttl: 3d\nbackup: {}\n"))
