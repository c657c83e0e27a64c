"""Promises of private names: one domain for all that need one, and none without a need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

NAMESPACE = "AWS::ServiceDiscovery::PrivateDnsNamespace"
NAME = "AWS::ServiceDiscovery::Service"


def test_all_services_share_one_domain(case: Case) -> None:
    """Airflow 3 needs it for its API server, a container for the database."""
    names = {properties["Properties"]["Name"] for properties in case.resources(NAME).values()}
    wanted = {"api"} if case.env.airflow.release.execution_api else set()
    assert names == (wanted | {"database"} if case.own else wanted)
    assert len(case.resources(NAMESPACE)) == (1 if names else 0)


def test_a_name_has_a_short_ttl_and_only_healthy_tasks(container: Case) -> None:
    """A task with a new address is found there soon."""
    for name in container.resources(NAME).values():
        assert name["Properties"]["DnsConfig"]["DnsRecords"] == [{"Type": "A", "TTL": "10"}]
        assert name["Properties"]["HealthCheckCustomConfig"] == {"FailureThreshold": 1}
