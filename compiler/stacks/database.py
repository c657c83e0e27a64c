"""Where Airflow keeps its metadata: a database that only Airflow reaches, as an instance or as a container."""

from compiler.databases.container import draw_database_container
from compiler.databases.rds import draw_database_instance
from compiler.model.stack import Sheet
from compiler.model.stack_values import DATABASE_SUBNETS, PUBLIC_SUBNETS, Wire
from spec.environment import Environment
from spec.sections.database import Container

DESCRIPTION = "The metadata database"
TIMEOUT_MINUTES = 60
NEEDS = frozenset(
    {
        Wire.DATABASE_CREDENTIALS,
        *DATABASE_SUBNETS,
        Wire.DATABASE_SECURITY_GROUP,
        *PUBLIC_SUBNETS,
        Wire.FILE_SYSTEM,
        Wire.DATABASE_LOG_GROUP,
        Wire.CLUSTER,
        Wire.EXECUTION_ROLE,
        Wire.NAMESPACE,
    }
)
GIVES = frozenset(
    {
        Wire.DATABASE_INSTANCE,
        Wire.DATABASE_HOST,
        Wire.DATABASE_PORT,
        Wire.DATABASE_ACCESS_POINT,
        Wire.DATABASE_SERVICE,
    }
)


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the database of an environment."""
    if isinstance(env.database, Container):
        draw_database_container(env, sheet, env.database)
    else:
        draw_database_instance(env, sheet, env.database)
