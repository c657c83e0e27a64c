"""The private DNS namespace of an environment, and the name of the API server in it."""

from troposphere.servicediscovery import PrivateDnsNamespace

from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.service_discovery import add_private_name, private_domain
from spec.environment import Environment

API_HOST = "api"


def add_service_discovery(env: Environment, stack: StackBuilder) -> None:
    """Add the namespace, where anything of the environment has a name in it, and the name of the API server."""
    for_database = database_of(env).needs_private_name
    if not (env.airflow.release.execution_api or for_database):
        return
    namespace = stack.add(
        PrivateDnsNamespace("Namespace", Name=private_domain(env), Vpc=stack.known(placement_of(env).vpc)),
        "Private DNS namespace of this environment",
    ).ref()
    if for_database:
        stack.output(values.NAMESPACE, namespace)
    if env.airflow.release.execution_api:
        description = "Private DNS name of the API server"
        registry = add_private_name(stack, "ApiRegistry", API_HOST, namespace, description)
        stack.output(values.API_REGISTRY, registry)
