"""An environment is held to its budget."""

from dataclasses import replace
from pathlib import Path

import pytest

from cli.cost.budget import over_budget, refuse_over_budget
from cli.cost.costing import awake_of, bill_of
from cli.differences.against import Against
from cli.differences.differing import of_templates
from cli.reporting.tables import cost
from compiler.compile import compile_environment
from spec.environment import Environment
from spec.errors import Refusal
from spec.reading.load import parse
from tests.deployer.differences.sets import EXAMPLE, example


def _limited(limit: str) -> Environment:
    return parse(f"{EXAMPLE}\ncost: {{monthly_limit: {limit}}}\n", "env.yaml")


def test_what_fits_passes() -> None:
    """And so does everything without a limit; the example costs a little more than 100 USD."""
    refuse_over_budget(_limited("150"), example(), allowed=False)
    refuse_over_budget(parse(EXAMPLE, "env.yaml"), example(), allowed=False)


def test_what_costs_more_is_told_with_both_amounts() -> None:
    """To the cent."""
    (sentence,) = over_budget(_limited("50.5"), example())
    assert sentence.startswith("a month costs 10")
    assert sentence.endswith("USD by list prices, and cost.monthly_limit is 50.5")


def test_what_costs_more_is_refused_without_a_word() -> None:
    """The word is an option; templates without anything cost nothing."""
    with pytest.raises(Refusal, match="demo is over its budget") as refused:
        refuse_over_budget(_limited("50"), example(), allowed=False)
    assert "--over-budget" in refused.value.next_step
    refuse_over_budget(_limited("50"), example(), allowed=True)
    refuse_over_budget(_limited("50"), replace(example(), nested=()), allowed=False)


def test_what_sleeps_costs_what_it_is_awake_for(tmp_path: Path) -> None:
    """In every comparison: a run each night fits into half of what the environment costs around the clock."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "nightly.py").write_text('from airflow import DAG\nDAG("nightly", schedule="0 2 * * *")\n')
    env = parse(f"{EXAMPLE}\nschedule: {{when: due}}\ncost: {{monthly_limit: 50}}\n", "env.yaml")
    templates, awake = compile_environment(env), awake_of(env, tmp_path)
    assert list(over_budget(env, templates, awake)) == []
    assert float(cost(templates, awake).rows[-1][-1]) == pytest.approx(bill_of(env, tmp_path).monthly, abs=0.01)
    found = of_templates(templates, Against(file="env.yaml", words="before", reviewed=example()), awake)
    assert (found.monthly_before or 0) > 2 * found.monthly_after
