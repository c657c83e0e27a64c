"""What a rehearsed upgrade made of the rows of a dump is told, and judged."""

import pytest

from acceptance.upgrades.rehearse_upgrade import Upgraded
from cli.upgrading.dump_rehearsal import RowsLost, judge, table

BEFORE = {"xcom": 2, "dag_run": 5, "job": 9, "trigger": 0}
AFTER = {"xcom": 2, "dag_run": 5, "trigger": 1}


def test_tables_that_must_keep_their_rows_come_first() -> None:
    """One that the new release does without is gone, and an empty one says nothing."""
    seen = Upgraded(before=BEFORE, after=AFTER, seconds=1.0)
    assert list(table(seen)) == [("dag_run", "5", "5"), ("xcom", "2", "2"), ("job", "9", "gone")]


def test_an_upgrade_that_lost_nothing_says_how_long_it_took() -> None:
    """With the encrypted values that the key reads, where one was given."""
    seen = Upgraded(before=BEFORE, after=AFTER, seconds=61.4, encrypted=3)
    assert judge("2.5.3", "3.3.2", seen).startswith("Airflow 2.5.3 -> 3.3.2 in 61 s on this machine")
    assert "the key reads all 3 encrypted values" in judge("2.5.3", "3.3.2", seen)
    assert "encrypted" not in judge("2.5.3", "3.3.2", Upgraded(before=BEFORE, after=AFTER, seconds=1.0))


def test_lost_rows_are_an_error() -> None:
    """With the table."""
    with pytest.raises(RowsLost, match="lost rows of dag_run"):
        judge("2.5.3", "3.3.2", Upgraded(before=BEFORE, after={"dag_run": 4, "xcom": 2}, seconds=1.0))
