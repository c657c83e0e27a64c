"""Promises of the connection: every process with these variables reaches the database, whatever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troposphere import Template

from compiler.airflow.database_connection import (
    ASYNC_CONNECT_ARGS,
    connection_command,
    connection_variables,
)
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.credentials import generated_login
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from spec.environment import Environment
    from tests.compiler.conftest import Case

PLAIN = "postgresql+asyncpg://%s:%s@%s:%s/%s"
PATIENCE = "connect_timeout=10&keepalives_idle=30&keepalives_interval=10&tcp_user_timeout=30000"
ASYNC = ("SQL_ALCHEMY_CONN_ASYNC_CMD", "SQL_ALCHEMY_CONNECT_ARGS_ASYNC")


def _stack() -> StackBuilder:
    return StackBuilder(name="somewhere", template=Template())


def _authorities(env: Environment) -> str:
    return f"/opt/windsock/windsock_runtime/database_tls/authorities/{env.aws.region}.pem"


def test_an_instance_has_the_host_and_port_of_its_endpoint(instance: Case) -> None:
    """From the stack that makes it, and only with TLS."""
    stack = _stack()
    variables = connection_variables(instance.env, stack)
    assert set(stack.inputs) == {values.DATABASE_HOST, values.DATABASE_PORT}
    assert variables["DB_SSL_MODE"] == "verify-full"
    assert variables["DB_SSL_ROOT_CERT"] == _authorities(instance.env)


def test_an_instance_is_verified_by_every_driver(instance: Case) -> None:
    """The address says it to libpq; what does not understand its words gets an address and arguments of its own."""
    options = f"sslmode=verify-full&sslrootcert={_authorities(instance.env)}&{PATIENCE}"
    assert f'"postgresql+psycopg2://%s:%s@%s:%s/%s?{options}"' in connection_command(instance.env)
    variables = connection_variables(instance.env, _stack())
    said = [variables.get(f"AIRFLOW__DATABASE__{name}") for name in ASYNC]
    address = connection_command(instance.env).replace(f'"postgresql+psycopg2://%s:%s@%s:%s/%s?{options}"', PLAIN)
    asynchronous = instance.env.airflow.version == "3.3.2"
    assert said == ([address, ASYNC_CONNECT_ARGS] if asynchronous else [None, None])


def test_an_instance_may_be_taken_unverified() -> None:
    """The traffic is encrypted all the same, for every driver."""
    env = minimal(more="database: {tls: require}\n")
    assert f'%s?sslmode=require&{PATIENCE}" "$DB_USER"' in connection_command(env)
    variables = connection_variables(env, _stack())
    assert (variables["DB_SSL_MODE"], "DB_SSL_ROOT_CERT" in variables) == ("require", False)


def test_in_clear_too_each_driver_has_its_own_words() -> None:
    """The asynchronous one knows none of those by which the other gives up a server that does not answer."""
    newest, database = 'version: 3.3.2, python: "3.12"', 'database: {kind: container, version: "16", tls: none}\n'
    env = minimal('version: 2.5.3, python: "3.10"', newest, more=database)
    variables = connection_variables(env, _stack())
    assert f'%s?{PATIENCE}" "$DB_USER"' in connection_command(env)
    said = [variables.get(f"AIRFLOW__DATABASE__{name}") for name in ASYNC]
    assert (f"printf {PLAIN} " in str(said[0]).replace('"', ""), said[1]) == (True, None)


def test_mysql_is_asked_for_encryption_by_every_driver() -> None:
    """The asynchronous one knows no such words in an address; the character set stands in both."""
    newest = 'version: 3.3.2, python: "3.12"'
    database = 'database: {kind: container, engine: mysql, version: "8.4"}\n'
    env = minimal('version: 2.5.3, python: "3.10"', newest, more=database)
    variables = connection_variables(env, _stack())
    assert "/%s?charset=utf8mb4&ssl_check_hostname=false" in connection_command(env)
    said = [variables[f"AIRFLOW__DATABASE__{name}"] for name in ASYNC]
    assert '"mysql+aiomysql://%s:%s@%s:%s/%s?charset=utf8mb4" "$DB_USER"' in said[0]
    assert said[1] == ASYNC_CONNECT_ARGS


def test_a_container_has_its_private_name_as_host(container: Case) -> None:
    """The name is known beforehand, so no stack waits for the database's stack."""
    stack = _stack()
    variables = connection_variables(container.env, stack)
    assert variables["DB_HOST"] == f"database.{container.env.name}.airflow.local"
    assert variables["DB_PORT"] == str(container.env.database.facts.port)
    assert not stack.inputs
    assert variables["DB_SSL_MODE"] == "require"


def test_the_connection_url_is_joined_inside_the_container(case: Case) -> None:
    """Its own shell expands the values; the text does not contain them."""
    assert connection_command(case.env).startswith("bash -c 'printf ")
    assert '"$DB_PASSWORD"' in connection_command(case.env)


def test_user_and_password_are_keys_of_one_secret() -> None:
    """ECS takes each by its key."""
    secrets = generated_login(_stack())
    assert {name: secret.to_dict()["Fn::Sub"] for name, secret in secrets.items()} == {
        "DB_USER": "${DatabaseCredentials}:username::",
        "DB_PASSWORD": "${DatabaseCredentials}:password::",
    }
