"""The page for the comment of a pull request."""

from cli.differences.markdown_page import LIMIT, markdown_page
from deployer.differences.difference import Danger, Difference
from tests.cli.differences.pages import change, found, resource


def test_the_dangerous_is_open_and_the_rest_is_folded() -> None:
    """Values stand as code, so that no name formats the page."""
    page = markdown_page(found())
    assert page.startswith("### demo, compared with main (1234567)\n\nResources: 1 with state at risk")
    assert page.index("**State at risk**") < page.index("**Permissions**") < page.index("<summary>Changed in place (1)")
    assert "- `A/Role may now: s3:Get, s3:Put on s3:::b, under a condition`\n" in page


def test_a_value_cannot_end_its_code() -> None:
    """Nor begin a line of its own."""
    page = markdown_page(found(Difference(resources=(resource("A", Danger.STATE, change("X", after="`\n# b")),))))
    assert "`` X: a -> ` # b" in page


def test_a_long_page_keeps_what_is_dangerous() -> None:
    """It fits into a comment, and says that something is missing."""
    added = tuple(resource(f"A/{number:04}", Danger.ADDED, causes=(str(number),)) for number in range(3000))
    page = markdown_page(found(Difference(resources=(*added, resource("A/State", Danger.STATE)))))
    assert len(page) <= LIMIT
    assert "A/State" in page
    assert page.endswith("`windsock diff` prints all of it.\n")
    assert page.count("<details>") == page.count("</details>") == 1


def test_even_one_section_that_is_too_long_is_cut() -> None:
    """At the limit."""
    lost = tuple(resource(f"A/{number:04}", Danger.STATE, change("X", after=number)) for number in range(3000))
    page = markdown_page(found(Difference(resources=lost)))
    assert len(page) <= LIMIT
    assert "A/0000" in page


def test_no_change_is_one_sentence() -> None:
    """A comment that is updated says so too."""
    assert "No change: 5 resources" in markdown_page(found(Difference(unchanged=5)))
