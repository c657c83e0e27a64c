"""Promises of the connection: every process with these variables reaches the database, whatever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troposphere import Template

from compiler.airflow.database_connection import connection_command, connection_secrets, connection_variables
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def _stack() -> StackBuilder:
    return StackBuilder(name="somewhere", template=Template())


def test_an_instance_has_the_host_and_port_of_its_endpoint(instance: Case) -> None:
    """From the stack that makes it, and only with TLS."""
    stack = _stack()
    variables = connection_variables(instance.env, stack)
    assert set(stack.inputs) == {values.DATABASE_HOST, values.DATABASE_PORT}
    assert variables["PGSSLMODE"] == "require"


def test_a_container_has_its_private_name_as_host(container: Case) -> None:
    """The name is known beforehand, so no stack waits for the database's stack."""
    stack = _stack()
    variables = connection_variables(container.env, stack)
    assert variables["DB_HOST"] == f"database.{container.env.name}.airflow.local"
    assert variables["DB_PORT"] == str(container.env.database.facts.port)
    assert not stack.inputs


def test_the_connection_url_is_joined_inside_the_container(case: Case) -> None:
    """Its own shell expands the values; the text does not contain them."""
    assert connection_command(case.env).startswith("bash -c 'printf ")
    assert '"$DB_PASSWORD"' in connection_command(case.env)


def test_user_and_password_are_keys_of_one_secret() -> None:
    """ECS takes each by its key."""
    secrets = connection_secrets(_stack())
    assert {name: secret.to_dict()["Fn::Sub"] for name, secret in secrets.items()} == {
        "DB_USER": "${DatabaseCredentials}:username::",
        "DB_PASSWORD": "${DatabaseCredentials}:password::",
    }
