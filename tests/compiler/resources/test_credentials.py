"""Promises of generated secrets: letters and digits alone, and state that follows `protect`."""

from troposphere import Template

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.credentials import add_database_credentials
from tests.spec.minimal import minimal


def test_a_generated_password_needs_no_quoting() -> None:
    """It stands in URLs and shells; the user name is fixed."""
    stack = StackBuilder(name="secrets", template=Template())
    add_database_credentials(minimal(), stack)
    secret = stack.template.to_dict()["Resources"]["DatabaseCredentials"]
    assert secret["Properties"]["GenerateSecretString"]["ExcludePunctuation"] is True
    assert secret["Properties"]["GenerateSecretString"]["SecretStringTemplate"] == '{"username": "airflow"}'
    assert secret["DeletionPolicy"] == "Delete"
    assert set(stack.outputs) == {values.DATABASE_CREDENTIALS}
