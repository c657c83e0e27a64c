"""What all tests share: the option that writes the goldens anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--regold`: let the product itself rewrite the golden files instead of comparing with them."""
    parser.addoption("--regold", action="store_true", help="write the golden files anew with the product itself")


@pytest.fixture
def regold(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--regold"))
