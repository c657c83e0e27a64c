"""What a rehearsal of an upgrade saw is judged; tests/life/test_upgrades.py rehearses one."""

from pathlib import Path

import pytest

from acceptance.databases import DATABASES
from acceptance.upgrades.rehearse_upgrade import Dump, Upgraded
from spec.errors import Refusal
from tests.spec.minimal import minimal


def test_a_table_that_had_to_keep_its_rows_is_named() -> None:
    """More rows are no loss, and neither is a table that Airflow fills anew."""
    before = {"dag_run": 5, "xcom": 2, "job": 9, "variable": 1}
    seen = Upgraded(before=before, after={"dag_run": 4, "xcom": 3, "variable": 1}, seconds=1.0)
    assert seen.lost == ("dag_run",)


def test_a_key_is_shown_nowhere() -> None:
    """Not even where a value of it is printed."""
    assert "very-secret" not in repr(Dump(file=Path("dump"), key="very-secret"))


def test_a_database_in_a_container_is_refused_before_anything_starts() -> None:
    """With what would be right."""
    container = minimal(more="database: {kind: container, version: '15'}\n")
    with pytest.raises(Refusal, match="is a container") as refusal:
        DATABASES["container"].refuse_dumps(container)
    assert "in a copy of the YAML" in refusal.value.next_step
    DATABASES["rds"].refuse_dumps(minimal())
