"""Where Airflow keeps its metadata: a database that only Airflow reaches, as an instance or as a container."""

from compiler.contract import DATABASE
from compiler.databases.container import add_database_container
from compiler.databases.rds import add_database_instance
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.sections.database import Container

DESCRIPTION = "The metadata database"
TIMEOUT_MINUTES = 60
INPUTS = frozenset(
    {
        values.DATABASE_CREDENTIALS,
        *values.DATABASE_SUBNETS,
        values.security_group_of(DATABASE),
        *values.PUBLIC_SUBNETS,
        values.FILE_SYSTEM,
        values.log_group_of(DATABASE),
        values.CLUSTER,
        values.EXECUTION_ROLE,
        values.NAMESPACE,
    }
)
OUTPUTS = frozenset(
    {
        values.DATABASE_INSTANCE,
        values.DATABASE_HOST,
        values.DATABASE_PORT,
        values.DATABASE_ACCESS_POINT,
        values.service_of(DATABASE),
    }
)


def build(env: Environment, stack: StackBuilder) -> None:
    """Draw the database of an environment."""
    if isinstance(env.database, Container):
        add_database_container(env, stack, env.database)
    else:
        add_database_instance(env, stack, env.database)
