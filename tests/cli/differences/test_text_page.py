"""The page for a terminal."""

from cli.differences.text_page import text_page
from deployer.differences.difference import Difference
from tests.cli.differences.pages import CAUSE, found


def test_the_dangerous_stands_first() -> None:
    """Then rights and ports, then the rest, then the sums."""
    assert text_page(found()).splitlines() == [
        "demo, compared with main (1234567)",
        "",
        "State at risk",
        "  A/State (T)",
        "      would be lost",
        f"      Y: a -> b, which replaces it  [{CAUSE}]",
        "",
        "Permissions",
        "  A/Role may now: s3:Get, s3:Put on s3:::b, under a condition",
        "  A/Role is denied no more: s3:Get on *",
        "",
        "Ports",
        "  opened: Web to Database, tcp 1",
        "",
        "Changed in place",
        "  A/One, A/Two (T)",
        f"      X: a -> b  [{CAUSE}]",
        "",
        "Added",
        "  A/Added (T)",
        "",
        "Resources: 1 with state at risk, 2 changed in place, 1 added; 3 stay as they are.",
        "A month costs 12.50 USD by list prices, instead of 10.00.",
    ]


def test_no_change_is_one_sentence() -> None:
    """With the count of what was compared."""
    assert text_page(found(Difference(unchanged=5))) == "demo, compared with main (1234567): no change in 5 resources."
