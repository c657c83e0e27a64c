"""How Airflow finds its database and logs in to it."""

from collections.abc import Sequence
from typing import Any

from compiler.contract import RUNTIME_PACKAGE
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.releases.option_list import option_list
from spec.sections.env_vars import option_variable

DATABASE_INPUTS = frozenset({values.DATABASE_HOST, values.DATABASE_PORT, values.DATABASE_CREDENTIALS})
"""What a stack takes whose containers know the database."""

ASYNC_CONNECT_ARGS = f"{RUNTIME_PACKAGE}.database_tls.connect_args.ASYNC"
"""Where Airflow finds what its asynchronous driver is told about TLS."""

ASYNC_OPTION = ("database", "sql_alchemy_connect_args_async")
"""Releases that have it also connect by an asynchronous driver."""


def connection_command(env: Environment) -> str:
    """Return the command by which Airflow gets the address of its database."""
    engine = env.database.facts
    return _printing(engine.url, (*engine.url_options, *database_of(env).tls_options, *engine.driver_options))


def connection_variables(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    """Return the variables with the address of the database, and the one that tells Airflow to use them."""
    return {
        **database_of(env).variables(stack),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD": connection_command(env),
        **_async_variables(env),
    }


def _async_variables(env: Environment) -> dict[str, str]:
    """Return what the asynchronous driver needs where the address of the other one says more than it understands."""
    engine, tls, options = env.database.facts, database_of(env).tls_options, option_list(env.airflow.version)
    if not (options.knows(*ASYNC_OPTION) and (tls or engine.driver_options)):
        return {}
    address = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC_CMD": _printing(engine.async_url, engine.url_options)}
    return {**address, option_variable(*ASYNC_OPTION): ASYNC_CONNECT_ARGS} if tls else address


def _printing(url: str, options: Sequence[str]) -> str:
    """Return a command that prints an address.

    Airflow runs it without a shell; the values come from secrets that ECS puts into the environment.
    """
    parts = " ".join(f'"$DB_{part}"' for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME"))
    address = f'"{url}?{"&".join(options)}"' if options else url
    return f"bash -c 'printf {address} {parts}'"
