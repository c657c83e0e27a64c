"""How containers find the database and log in to it: an instance by its endpoint, a container by its private name."""

from typing import Any

from troposphere import Ref, Sub

from compiler.contract import DB_HOST, DB_NAME, DB_PASSWORD, DB_PORT, DB_TLS
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.environment import Environment
from spec.sections.database import Container

DATABASE_NAME = "airflow"
DATABASE_HOST = "database"
"""The first label of the container's private name."""

DATABASE_INPUTS = frozenset({values.DATABASE_HOST, values.DATABASE_PORT, values.DATABASE_CREDENTIALS})
"""What a stack needs whose containers know the database."""


def private_domain(env: Environment) -> str:
    """Return the domain that only the network of an environment knows."""
    return f"{env.name}.airflow.local"


def connection_command(env: Environment) -> str:
    """Return the command by which Airflow gets the address of its database.

    Airflow runs it without a shell; the values come from secrets that ECS puts into the environment.
    """
    values = " ".join(f'"$DB_{part}"' for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME"))
    return f"bash -c 'printf {env.database.facts.url} {values}'"


def connection_variables(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    """Return where the database is and how Airflow is told."""
    return {
        **_place(env, stack),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD": connection_command(env),
    }


def connection_secrets(stack: StackBuilder) -> dict[str, Sub]:
    """Return user and password, as ECS takes them out of their secret."""
    return {
        "DB_USER": secret_part(stack, values.DATABASE_CREDENTIALS, "username"),
        DB_PASSWORD: secret_part(stack, values.DATABASE_CREDENTIALS, "password"),
    }


def secret_part(stack: StackBuilder, secret: StackValue, key: str) -> Sub:
    """Return one value of a secret that holds several, for a container's secrets."""
    stack.parameter(secret)
    return Sub(f"${{{secret.title}}}:{key}::")


def _place(env: Environment, stack: StackBuilder) -> dict[str, str | Ref]:
    if isinstance(env.database, Container):
        # A name that is known beforehand: the database stands on the platform, whose commands stand on the database.
        host, port = f"{DATABASE_HOST}.{private_domain(env)}", str(env.database.facts.port)
        return {DB_HOST: host, DB_PORT: port, DB_NAME: DATABASE_NAME}
    return {
        DB_HOST: stack.parameter(values.DATABASE_HOST),
        DB_PORT: stack.parameter(values.DATABASE_PORT),
        DB_NAME: DATABASE_NAME,
        DB_TLS: "require",
    }
