"""Names that AWS will cut, split or misread are refused here."""

import pytest

from tests.spec.minimal import minimal, refused


@pytest.mark.parametrize("name", ["a", "demo", "data-prod", "a1-b2", "a" * 32])
def test_names_of_letters_digits_and_hyphens_are_taken(name: str) -> None:
    """Lower-case letters, digits and single hyphens make a name."""
    assert minimal("demo", name).name == name


@pytest.mark.parametrize(
    "name", ["Demo", "1a", "a--b", "a-", "-a", "a_b", "a.b", "a" * 33, "windsock-x", "aws-x", "passing", "é"]
)
def test_other_names_are_refused(name: str) -> None:
    """Anything else is refused at its place, in the user's own words."""
    fault = refused("demo", f"'{name}'")
    assert (fault.line, fault.column, fault.path) == (1, 7, "name")
    assert name in fault.message
    assert fault.hint


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "12345678901a", "", "１２３４５６７８９０１２"])  # noqa: RUF001  # wide digits on purpose
def test_an_account_without_12_digits_is_refused(account: str) -> None:
    """An account id is twelve plain digits."""
    assert "12 digits" in refused("123456789012", account).hint


def test_a_misspelt_region_is_answered_with_the_nearest() -> None:
    """A region that is nearly one is answered with it."""
    assert refused("us-west-2", "us-wset-2").hint.startswith("did you mean us-west-2?")
    assert refused("us-west-2", "mars").hint.startswith("valid: af-south-1")
