"""Resources that change alike are told once."""

import pytest

from cli.differences.entries import entries, money, property_line, totals
from deployer.differences.difference import Danger, Difference, Effect, PropertyChange
from tests.cli.differences.pages import CAUSE, change, found, resource


def test_resources_that_change_alike_are_one_entry() -> None:
    """The worst first."""
    shown = list(entries(found().difference))
    assert [entry.title for entry in shown] == ["A/State (T)", "A/One, A/Two (T)", "A/Added (T)"]


def test_resources_that_change_differently_are_two() -> None:
    """By one value."""
    resources = (resource("A", Danger.CHANGED, change("X")), resource("B", Danger.CHANGED, change("X", after="c")))
    assert len(list(entries(Difference(resources=resources)))) == 2


def test_a_property_says_what_it_does_and_what_brings_it() -> None:
    """A long value is cut; what follows from another resource names that."""
    assert property_line(change("X")) == f"X: a -> b  [{CAUSE}]"
    assert property_line(change("X", effect=Effect.REPLACE)) == f"X: a -> b, which replaces it  [{CAUSE}]"
    assert len(property_line(change("X", after="b" * 1000))) < 120
    taken = PropertyChange(path="X", before=1, after=1, effect=Effect.IN_PLACE, replaced="A/B")
    assert property_line(taken) == "X: A/B is replaced"


def test_resources_are_counted() -> None:
    """By what becomes of them."""
    assert totals(found().difference) == (
        "Resources: 1 with state at risk, 2 changed in place, 1 added; 3 stay as they are."
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, "A month costs 12.50 USD by list prices."),
        (12.501, "A month costs 12.50 USD by list prices, as before."),
        (10, "A month costs 12.50 USD by list prices, instead of 10.00."),
    ],
)
def test_the_cost_is_compared_where_it_is_known(before: float | None, expected: str) -> None:
    """Cents count, and less does not."""
    assert list(money(found(before=before))) == [expected]
