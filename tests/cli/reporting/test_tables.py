"""The tables of a report say what the templates say."""

from pathlib import Path

import pytest

from cli.cost.costing import bill_of_templates
from cli.reporting.tables import cost, reach, rights, state, waived
from compiler.compile import compile_environment
from compiler.lint import WAIVED
from compiler.model.template_set import TemplateSet
from spec.reading.load import load
from tests.spec.minimal import minimal

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def templates() -> TemplateSet:
    """Return the templates of the example."""
    return compile_environment(load(ROOT / "env.example.yaml"))


def test_the_cost_ends_with_the_sum_of_the_bill(templates: TemplateSet) -> None:
    """Lines that cost nothing are left out."""
    table = cost(templates)
    assert table.rows[-1][-1] == f"{bill_of_templates(templates).monthly:.2f}"
    assert all(float(row[-1]) > 0 for row in table.rows)


def test_a_connection_is_one_row(templates: TemplateSet) -> None:
    """Although each end has a rule."""
    rows = reach(templates).rows
    assert rows.count(("Scheduler", "Database", "tcp 5432")) == 1
    assert not any(cell.endswith(("(in)", "(out)")) for row in rows for cell in row)


def test_rights_leave_out_the_toolkit_and_what_all_arns_have_in_common(templates: TemplateSet) -> None:
    """It is for all environments."""
    rows = rights(templates).rows
    assert any(row[1] == "allow" and "secretsmanager:GetSecretValue" in row[2] for row in rows)
    assert any(row[1] == "deny" for row in rows)
    assert not any("windsock-toolkit" in cell or "AWS::Partition" in cell for row in rows for cell in row)


@pytest.mark.parametrize(("protect", "words"), [("false", "is deleted"), ("true", "leaves a last snapshot")])
def test_state_is_named_with_what_a_teardown_does(protect: str, words: str) -> None:
    """A protected environment keeps it."""
    rows = state(compile_environment(minimal(more=f"protect: {protect}\n"))).rows
    (database,) = (row for row in rows if row[1] == "AWS::RDS::DBInstance")
    assert database[2].startswith(words)


def test_every_waived_check_has_a_reason() -> None:
    """And every rule of the linter that does not count is named."""
    rows = waived().rows
    assert {row[1] for row in rows} >= {*WAIVED}
    assert all(all(row) for row in rows)
