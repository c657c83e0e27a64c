"""The metadata database of Airflow, of whatever kind."""

from compiler.contract import DATABASE
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.environment import Environment

DESCRIPTION = "The metadata database"
TIMEOUT_MINUTES = 60
INPUTS = frozenset(
    {
        values.DATABASE_CREDENTIALS,
        values.ENCRYPTION_KEY,
        values.DATABASE_IMAGE,
        *values.DATABASE_SUBNETS,
        values.security_group_of(DATABASE),
        *values.TASK_SUBNETS,
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
    """Add the database of an environment."""
    database_of(env).build(stack)
