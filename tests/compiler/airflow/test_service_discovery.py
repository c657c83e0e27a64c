"""Promises of the private names: one domain for all who need one, and none where nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

NAMESPACE = "AWS::ServiceDiscovery::PrivateDnsNamespace"
NAME = "AWS::ServiceDiscovery::Service"


def test_a_domain_is_drawn_once_for_whoever_needs_it(case: Case) -> None:
    """Airflow 3 needs it for its API server, a container for the database; both share it."""
    names = {properties["Properties"]["Name"] for properties in case.resources(NAME).values()}
    wanted = {"api"} if case.env.airflow.release.execution_api else set()
    assert names == (wanted | {"database"} if case.own else wanted)
    assert len(case.resources(NAMESPACE)) == (1 if names else 0)


def test_a_name_leads_to_healthy_tasks_for_seconds_only(container: Case) -> None:
    """Who comes back under another address is found there soon."""
    for name in container.resources(NAME).values():
        assert name["Properties"]["DnsConfig"]["DnsRecords"] == [{"Type": "A", "TTL": "10"}]
        assert name["Properties"]["HealthCheckCustomConfig"] == {"FailureThreshold": 1}
