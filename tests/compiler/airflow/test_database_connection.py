"""Promises of the connection: whoever is told of the database finds it, whatever runs it."""

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


def test_an_instance_is_found_by_its_endpoint(instance: Case) -> None:
    """Host and port come from the stack that makes it, and nobody speaks to it without TLS."""
    stack = _stack()
    variables = connection_variables(instance.env, stack)
    assert set(stack.inputs) == {values.DATABASE_HOST, values.DATABASE_PORT}
    assert variables["PGSSLMODE"] == "require"


def test_a_container_is_found_by_its_private_name(container: Case) -> None:
    """The name is known beforehand, so nobody waits for the stack that makes it in order to be drawn."""
    stack = _stack()
    variables = connection_variables(container.env, stack)
    assert variables["DB_HOST"] == f"database.{container.env.name}.airflow.local"
    assert variables["DB_PORT"] == str(container.env.database.facts.port)
    assert not stack.inputs


def test_the_address_is_put_together_inside(case: Case) -> None:
    """No shell but its own expands the values, which are not in it."""
    assert connection_command(case.env).startswith("bash -c 'printf ")
    assert '"$DB_PASSWORD"' in connection_command(case.env)


def test_user_and_password_come_out_of_one_secret() -> None:
    """ECS takes each by its key."""
    secrets = connection_secrets(_stack())
    assert {name: secret.to_dict()["Fn::Sub"] for name, secret in secrets.items()} == {
        "DB_USER": "${DatabaseCredentials}:username::",
        "DB_PASSWORD": "${DatabaseCredentials}:password::",
    }
