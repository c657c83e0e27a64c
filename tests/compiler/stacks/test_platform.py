"""Promises of the cluster stack: one cluster, private names where a release needs them, and two one-off tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.contract import title
from compiler.deliveries.roster import delivery_of

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_command_task_has_every_secret_of_airflow(case: Case) -> None:
    """With the first user's password, which no service has."""
    secrets = {secret["Name"] for secret in case.container_of("Command")["Secrets"]}
    assert {"DB_PASSWORD", "FERNET_SEED", "ADMIN_PASSWORD"} <= secrets
    assert "DB_USER" in {*secrets, *case.variables_of("Command")}
    for process in ("Webserver", "Scheduler"):
        service = {secret["Name"] for secret in case.container_of(process)["Secrets"]}
        own = {secret for secret in secrets - service if not secret.startswith("WINDSOCK_AUTH_CLIENT_")}
        assert own == {"ADMIN_PASSWORD"}


def test_one_off_tasks_lose_no_log_line(case: Case) -> None:
    """The last line says why a task failed: its container waits for CloudWatch."""
    for process in ("Command", *map(title, delivery_of(case.env).tasks)):
        assert case.container_of(process)["LogConfiguration"]["Options"]["mode"] == "blocking"


def test_tasks_find_the_api_server_by_name(largest: Case, smallest: Case) -> None:
    """With the execution API the webserver has a name inside the network; before, it has none."""
    assert largest.only("AWS::ServiceDiscovery::PrivateDnsNamespace")["Name"] == f"{largest.env.name}.airflow.local"
    registry = largest.only("AWS::ServiceDiscovery::Service")
    assert registry["Name"] == "api"
    assert registry["DnsConfig"]["DnsRecords"] == [{"Type": "A", "TTL": "10"}]
    assert not smallest.resources("AWS::ServiceDiscovery::PrivateDnsNamespace")


def test_only_protected_environments_have_container_insights(largest: Case, smallest: Case) -> None:
    """AWS bills them by metric."""
    for case, value in ((largest, "enabled"), (smallest, "disabled")):
        assert case.only("AWS::ECS::Cluster")["ClusterSettings"] == [{"Name": "containerInsights", "Value": value}]
