"""How Airflow finds its database and logs in to it."""

from typing import Any

from troposphere import Sub

from compiler.contract import DB_PASSWORD
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.containers import secret_part
from spec.environment import Environment

DATABASE_INPUTS = frozenset({values.DATABASE_HOST, values.DATABASE_PORT, values.DATABASE_CREDENTIALS})
"""What a stack takes whose containers know the database."""


def connection_command(env: Environment) -> str:
    """Return the command by which Airflow gets the address of its database.

    Airflow runs it without a shell; the values come from secrets that ECS puts into the environment.
    """
    parts = " ".join(f'"$DB_{part}"' for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME"))
    return f"bash -c 'printf {env.database.facts.url} {parts}'"


def connection_variables(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    """Return the variables with the address of the database, and the one that tells Airflow to use them."""
    return {
        **database_of(env).variables(stack),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD": connection_command(env),
    }


def connection_secrets(stack: StackBuilder) -> dict[str, Sub]:
    """Return user and password, as ECS takes them out of their secret."""
    return {
        "DB_USER": secret_part(stack, values.DATABASE_CREDENTIALS, "username"),
        DB_PASSWORD: secret_part(stack, values.DATABASE_CREDENTIALS, "password"),
    }
