"""An environment is held to its budget."""

from dataclasses import replace

import pytest

from cli.cost.budget import over_budget, refuse_over_budget
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
