"""Resources that change alike are told once."""

import pytest

from cli.differences.entries import entries, money, port_lines, property_line, right_lines, totals
from deployer.differences.difference import Danger, Difference, Effect, PropertyChange
from tests.cli.differences.pages import CAUSE, change, found, resource


def test_resources_that_change_alike_are_one_entry() -> None:
    """The worst first."""
    shown = list(entries(found().difference))
    assert [entry.title for entry in shown] == ["A/State (T)", "A/One, A/Two (T)", "A/Added (T)"]


def test_what_resources_have_in_common_is_told_once() -> None:
    """And the rest with each of them."""
    first = resource("A", Danger.CHANGED, change("X"), change("Y"))
    resources = (first, resource("B", Danger.CHANGED, change("X"), change("Y", after="c")))
    told = {
        entry.title: [line.partition(":")[0] for line in entry.lines]
        for entry in entries(Difference(resources=resources))
    }
    assert told == {"A, B (T)": ["X"], "A (T)": ["Y"], "B (T)": ["Y"]}


def test_a_replacement_is_told_where_it_matters() -> None:
    """A task definition is never changed in place, and nobody notices."""
    (quiet,) = entries(Difference(resources=(resource("A", Danger.CHANGED, change("X", effect=Effect.REPLACE)),)))
    (loud,) = entries(Difference(resources=(resource("A", Danger.REPLACED, change("X", effect=Effect.REPLACE)),)))
    assert ("replaces" in quiet.lines[0], "replaces" in loud.lines[0]) == (False, True)


def test_who_may_do_more_stands_first() -> None:
    """A denial that goes is more; what is common to all ARNs is left out."""
    assert list(right_lines(found().difference)) == [
        "A/Role may now: s3:Get, s3:Put on s3:::b, under a condition",
        "A/Role is denied no more: s3:Get on *",
    ]


def test_both_rules_of_a_connection_are_told_once() -> None:
    """One lets it out and one lets it in."""
    assert list(port_lines(found().difference)) == ["opened: Web to Database, tcp 1"]


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
