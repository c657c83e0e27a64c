"""Cron expressions of AWS are read field by field, and refused with the field that is wrong."""

import re

import pytest

from spec.aws_facts.cron import read_cron

ALL_MONTHS, ALL_DAYS, ALL_YEARS = frozenset(range(1, 13)), frozenset(range(1, 8)), frozenset(range(1970, 2200))


def test_numbers_names_lists_ranges_and_steps_are_read() -> None:
    """Days that the other field decides are all days."""
    assert read_cron("cron(15 8,12-14,20/2 ? JAN,3 mon-fri 2026)") == (
        frozenset({15}),
        frozenset({8, 12, 13, 14, 20, 22}),
        frozenset(range(1, 32)),
        frozenset({1, 3}),
        frozenset(range(2, 7)),
        frozenset({2026}),
    )
    assert read_cron("cron(0/20 */12 1 * ? *)")[:3] == (frozenset({0, 20, 40}), frozenset({0, 12}), frozenset({1}))
    assert read_cron("cron(0 3 * * ? *)")[3:] == (ALL_MONTHS, ALL_DAYS, ALL_YEARS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0 3 * * *", "is not cron(…) with 6 fields"),
        ("cron(0 3 * *)", "is not cron(…) with 6 fields"),
        ("cron(0  3 * * ? *)", "is not cron(…) with 6 fields and single spaces"),
        ("cron(0 3 * * * *)", "needs ? in one of the two fields of days"),
        ("cron(0 3 ? * ? *)", "needs ? in one of the two fields of days"),
        ("cron(0 24 * * ? *)", "names 24 in the hours: 0 to 23"),
        ("cron(0 3 L * ? *)", "names L in the days of the month: 1 to 31"),
        ("cron(0 5-3 * * ? *)", "ends a range of hours before it begins: 5-3"),
        ("cron(0 3/0 * * ? *)", "has a step of 0 in the hours"),
        ("cron(0 3, * * ? *)", "names nothing in the hours"),
    ],
)
def test_what_is_wrong_is_named(text: str, why: str) -> None:
    """With its field and what it may be."""
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        read_cron(text)
