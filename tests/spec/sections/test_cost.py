"""The `cost` section: a limit in USD, or none."""

import pytest
from pydantic import ValidationError

from spec.sections.cost import Cost


def test_a_limit_is_an_amount() -> None:
    """Whole or not; without one there is none."""
    assert (Cost().monthly_limit, Cost(monthly_limit=150).monthly_limit) == (None, 150)
    assert Cost(monthly_limit=99.5).monthly_limit == 99.5


@pytest.mark.parametrize("amount", [0, -1, "150", True])
def test_what_is_no_amount_is_refused(amount: object) -> None:
    """Nothing costs nothing."""
    with pytest.raises(ValidationError):
        Cost.model_validate({"monthly_limit": amount})
