"""Names in the private DNS namespace of an environment, kept by Cloud Map."""

from typing import Any

from troposphere import GetAtt
from troposphere.servicediscovery import DnsConfig, DnsRecord, HealthCheckCustomConfig, Service

from compiler.model.stack import StackBuilder
from spec.environment import Environment

DNS_SECONDS = 10


def private_domain(env: Environment) -> str:
    """Return the private domain of an environment; only its own VPC resolves it."""
    return f"{env.name}.airflow.local"


def add_private_name(stack: StackBuilder, logical_id: str, host: str, namespace: Any, description: str) -> GetAtt:
    """Add a name that resolves to the running tasks of one service, and return the ARN of its registry."""
    registry = Service(
        logical_id,
        Name=host,
        NamespaceId=namespace,
        DnsConfig=DnsConfig(RoutingPolicy="MULTIVALUE", DnsRecords=[DnsRecord(Type="A", TTL=str(DNS_SECONDS))]),
        HealthCheckCustomConfig=HealthCheckCustomConfig(FailureThreshold=1),
    )
    return GetAtt(stack.add(registry, description), "Arn")
