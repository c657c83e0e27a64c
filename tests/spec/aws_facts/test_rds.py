"""What follows from the class of an instance."""

import pytest

from spec.aws_facts.rds import (
    MOST_CONNECTIONS,
    RESERVED_CONNECTIONS,
    connections,
    memory_gib,
    smallest_class,
)


@pytest.mark.parametrize(
    ("name", "gib"), [("db.t4g.micro", 1), ("db.t3.2xlarge", 32), ("db.m7g.large", 8), ("db.r6i.24xlarge", 768)]
)
def test_a_class_has_its_memory(name: str, gib: float) -> None:
    """Each size has twice that of the one before, and memory-optimised families twice that of others."""
    assert memory_gib(name) == gib


def test_connections_follow_from_memory() -> None:
    """A db.t4g.small was seen to take 181; five are not for Airflow. The largest take no more than the limit."""
    assert abs(connections("db.t4g.small") + RESERVED_CONNECTIONS - 181) <= 1
    assert connections("db.r6i.24xlarge") == MOST_CONNECTIONS - RESERVED_CONNECTIONS


def test_the_smallest_class_that_takes_so_many_is_found() -> None:
    """In the same family; none may be large enough."""
    assert smallest_class("db.t4g.micro", 86) == "db.t4g.small"
    assert smallest_class("db.m7g.large", 86) == "db.m7g.large"
    assert smallest_class("db.t4g.micro", MOST_CONNECTIONS) == ""
