"""The names that only the network of an environment knows, kept by Cloud Map."""

from typing import Any

from troposphere import GetAtt
from troposphere.servicediscovery import DnsConfig, DnsRecord, HealthCheckCustomConfig, PrivateDnsNamespace, Service

from compiler.airflow.connection import private_domain
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.sections.database import Container

DNS_SECONDS = 10
API_HOST = "api"


def add_service_discovery(env: Environment, stack: StackBuilder) -> None:
    """Draw the domain, where anything of the environment has a name in it, and the API server's name."""
    if not (env.airflow.release.execution_api or isinstance(env.database, Container)):
        return
    namespace = stack.add(
        PrivateDnsNamespace("Namespace", Name=private_domain(env), Vpc=stack.parameter(values.VPC)),
        "Names that only the network of this environment knows",
    ).ref()
    if isinstance(env.database, Container):
        stack.output(values.NAMESPACE, namespace)
    if env.airflow.release.execution_api:
        registry = add_name(stack, "ApiRegistry", API_HOST, namespace, "The name under which tasks find the API server")
        stack.output(values.API_REGISTRY, registry)


def add_name(stack: StackBuilder, logical_id: str, host: str, namespace: Any, description: str) -> GetAtt:
    """Draw a name that leads to the running tasks of one service, and return the ARN of its registry."""
    registry = Service(
        logical_id,
        Name=host,
        NamespaceId=namespace,
        DnsConfig=DnsConfig(RoutingPolicy="MULTIVALUE", DnsRecords=[DnsRecord(Type="A", TTL=str(DNS_SECONDS))]),
        HealthCheckCustomConfig=HealthCheckCustomConfig(FailureThreshold=1),
    )
    return GetAtt(stack.add(registry, description), "Arn")
