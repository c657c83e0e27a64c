"""Promises of the values between stacks: one name and one description each, the same for every process."""

import pytest

from compiler.model import stack_values as values
from compiler.model.stack_values import StackValue
from spec.releases.table import RELEASES

ALL = tuple(
    {
        *(value for value in vars(values).values() if isinstance(value, StackValue)),
        *(*values.COUNTS, *values.SERVICES, *values.LOG_GROUPS, *values.SECURITY_GROUPS),
    }
)


def test_names_are_unique_and_fit_cloudformation() -> None:
    """No two values share a name, and each name is letters and digits."""
    titles = [value.title for value in ALL]
    assert len(titles) == len(set(titles))
    assert all(title.isalnum() and title.isascii() for title in titles)
    assert all(value.description for value in ALL)


def test_a_value_of_a_process_is_named_after_it() -> None:
    """Logical ids have capitals, sentences have words."""
    assert values.log_group_of("dag_processor") == StackValue("DagProcessorLogGroup", "Log group of the DAG processor")
    assert values.count_of("triggerer").title == "TriggererCount"
    assert values.service_of("database").title == "DatabaseService"
    assert values.security_group_of("command").description == "Security group of one-off Airflow commands"


@pytest.mark.parametrize("version", RELEASES)
def test_every_process_of_every_release_has_its_values(version: str) -> None:
    """A process that a release names has a count, a service, a log group and a security group."""
    for name in RELEASES[version].processes:
        assert values.count_of(name) in values.COUNTS
        assert values.service_of(name) in values.SERVICES
        assert values.log_group_of(name) in values.PROCESS_LOG_GROUPS
        assert values.security_group_of(name) in values.PROCESS_SECURITY_GROUPS


def test_every_value_has_a_place_in_the_order() -> None:
    """Templates list parameters in one order, whatever order a stack takes them in."""
    assert values.in_order(reversed(values.in_order(ALL))) == values.in_order(ALL)
    assert values.in_order([values.URL, values.VPC]) == [values.VPC, values.URL]
