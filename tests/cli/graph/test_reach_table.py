"""The table of what is reached outside of the VPC."""

from cli.graph.reach_table import reach_table
from compiler.reach import Reach


def test_what_has_no_way_says_so() -> None:
    """In the column of ways."""
    rows = (
        Reach(who="workers", what="logs", why="log lines", way="NAT gateway"),
        Reach(who="workers", what="sqs", why="DAGs", way=""),
    )
    heading, first, second = reach_table(rows).splitlines()
    assert heading.split() == ["WHO", "REACHES", "BY", "FOR"]
    assert "NAT gateway  log lines" in first
    assert "sqs      no way       DAGs" in second
