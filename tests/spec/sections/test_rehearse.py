"""The `rehearse` section names DAGs, each once."""

import pytest
from pydantic import ValidationError

from spec.sections.rehearse import MOST_DAGS, Rehearse


def test_ids_of_airflow_pass() -> None:
    """Of any alphabet, in their order."""
    assert Rehearse(dags=("orders", "sales.daily-2", "übung")).dags == ("orders", "sales.daily-2", "übung")


@pytest.mark.parametrize(
    "dags", [("orders", "orders"), ("two words",), ("",), ("a" * 251,), tuple(map(str, range(MOST_DAGS + 1)))]
)
def test_what_is_no_list_of_ids_is_refused(dags: tuple[str, ...]) -> None:
    """A name twice, spaces, nothing, a long name, too many."""
    with pytest.raises(ValidationError):
        Rehearse(dags=dags)
