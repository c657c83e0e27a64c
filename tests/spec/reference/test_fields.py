"""The reference page names every field."""

from collections.abc import Callable
from pathlib import Path

from spec.environment import Environment
from spec.reference.fields import reference

PAGE = Path(__file__).parents[3] / "docs" / "environment.md"


def test_committed_page_is_fresh(golden: Callable[[Path, str], None]) -> None:
    """The page in the repository is the one that the models give."""
    golden(PAGE, reference())


def test_every_section_is_on_the_page() -> None:
    """Each section has a heading, and nested sections have one of their own."""
    page = reference()
    assert all(f"### `{name}`" in page for name in Environment.model_fields)
    assert "## services.webserver\n" in page
    assert "### `auth.admin.username`" in page


def test_sections_under_names_of_the_user_are_on_the_page() -> None:
    """And those of a list, each with a link to its heading."""
    page = reference()
    assert "[airflow.secrets.NAME](#airflowsecretsname)" in page
    assert "### `airflow.secrets.NAME.parameter`" in page
    assert "### `airflow.statements[].actions`" in page


def test_long_lists_are_counted() -> None:
    """A field with dozens of values gives their number; the page stays readable."""
    assert "one of 38 values, `af-south-1` to `us-west-2`" in reference()
