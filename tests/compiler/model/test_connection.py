"""The promises of compiler/model/connection.py."""

import pytest

from compiler.model.connection import INTERNET, Connection


@pytest.mark.parametrize(
    ("source", "target", "ids"),
    [
        ("web", "database", {"egress": "WebToDatabaseEgress", "ingress": "WebToDatabaseIngress"}),
        ("web", INTERNET, {"egress": "WebToInternet"}),
    ],
)
def test_a_connection_needs_a_rule_at_each_end_that_is_a_group(source: str, target: str, ids: dict[str, str]) -> None:
    """What leaves the VPC has one."""
    assert Connection(source=source, target=target, port=443, why="why").rule_ids == ids


def test_a_source_that_may_connect_to_any_address_needs_no_rule_for_one() -> None:
    """Its rule for every address and port has it already."""
    row = Connection(source="scheduler", target="database", port=5432, why="why", source_is_unbound=True)
    assert row.rule_ids == {"ingress": "SchedulerToDatabaseIngress"}


def test_who_comes_from_outside_needs_one_rule() -> None:
    """Its id says what it is for, because a CIDR has no name."""
    visitors = Connection(source="203.0.113.0/24", target="load_balancer", port=80, why="why", logical_id="Visitors1")
    assert visitors.rule_ids == {"ingress": "Visitors1"}
