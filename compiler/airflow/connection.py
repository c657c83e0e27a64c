"""How containers find the database and log in to it: an instance by its endpoint, a container by its private name."""

from typing import Any

from troposphere import Ref, Sub

from compiler.contract import DB_HOST, DB_NAME, DB_PASSWORD, DB_PORT, DB_TLS
from compiler.model.stack import Sheet
from compiler.model.stack_values import Wire
from spec.environment import Environment
from spec.sections.database import Container

DATABASE_NAME = "airflow"
DATABASE_HOST = "database"
"""The first label of the container's private name."""

DATABASE_NEEDS = frozenset({Wire.DATABASE_HOST, Wire.DATABASE_PORT, Wire.DATABASE_CREDENTIALS})
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


def connection_variables(env: Environment, sheet: Sheet) -> dict[str, Any]:
    """Return where the database is and how Airflow is told."""
    return {
        **_place(env, sheet),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD": connection_command(env),
    }


def connection_secrets(sheet: Sheet) -> dict[str, Sub]:
    """Return user and password, as ECS takes them out of their secret."""
    return {
        "DB_USER": secret_part(sheet, Wire.DATABASE_CREDENTIALS, "username"),
        DB_PASSWORD: secret_part(sheet, Wire.DATABASE_CREDENTIALS, "password"),
    }


def secret_part(sheet: Sheet, secret: Wire, key: str) -> Sub:
    """Return one value of a secret that holds several, for a container's secrets."""
    sheet.wire(secret)
    return Sub(f"${{{secret.title}}}:{key}::")


def _place(env: Environment, sheet: Sheet) -> dict[str, str | Ref]:
    if isinstance(env.database, Container):
        # A name that is known beforehand: the database stands on the platform, whose commands stand on the database.
        host, port = f"{DATABASE_HOST}.{private_domain(env)}", str(env.database.facts.port)
        return {DB_HOST: host, DB_PORT: port, DB_NAME: DATABASE_NAME}
    return {
        DB_HOST: sheet.wire(Wire.DATABASE_HOST),
        DB_PORT: sheet.wire(Wire.DATABASE_PORT),
        DB_NAME: DATABASE_NAME,
        DB_TLS: "require",
    }
