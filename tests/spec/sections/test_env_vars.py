"""Variables have names that are free, and no value that must not be read."""

import pytest

from tests.spec.minimal import PYTHON, minimal, refused

TOKEN = "{secret: demo/token}"


def test_plain_variables_are_taken_as_they_are() -> None:
    """Also connections and variables of Airflow, as long as no password is in them."""
    given = 'STAGE: prod, AIRFLOW_CONN_WAREHOUSE: "postgresql://reader@warehouse.example.com:5432/dwh"'
    airflow = minimal(PYTHON, f"{PYTHON}, env_vars: {{{given}}}").airflow
    assert airflow.env_vars["STAGE"] == "prod"
    assert airflow.env_vars["AIRFLOW_CONN_WAREHOUSE"].startswith("postgresql://reader@")


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ("env_vars: {AIRFLOW__CORE__PARALLELISM: '4'}", "env_vars.AIRFLOW__CORE__PARALLELISM", "airflow.config"),
        ("env_vars: {AIRFLOW_CONN_DB: 'postgresql://u:pw@h/d'}", "env_vars.AIRFLOW_CONN_DB", "airflow.connections"),
        (
            """env_vars: {AIRFLOW_CONN_DB: '{"conn_type": "http", "password": "x"}'}""",
            "env_vars.AIRFLOW_CONN_DB",
            "airflow.connections",
        ),
        ("env_vars: {DB_HOST: h}", "env_vars.DB_HOST", "another name"),
        ("env_vars: {AWS_SECRET_ACCESS_KEY: k}", "env_vars.AWS_SECRET_ACCESS_KEY", "airflow.policies"),
        ("env_vars: {DEBUG: 1}", "env_vars.DEBUG", "quotes"),
        (f"secrets: {{PYTHONPATH: {TOKEN}}}", "secrets.PYTHONPATH", "another name"),
        (f"secrets: {{AIRFLOW__CORE__FERNET_KEY_CMD: {TOKEN}}}", "secrets.AIRFLOW__CORE__FERNET_KEY_CMD", "remove it"),
        (f"env_vars: {{A: x}}, secrets: {{A: {TOKEN}}}", "secrets.A", "remove one of the two"),
        (
            f"secrets: {{AIRFLOW_CONN_LAKE: {TOKEN}}}, connections: {{lake: {TOKEN}}}",
            "connections.lake",
            "remove one of the two",
        ),
        (f"variables: {{lake: {TOKEN}, Lake: {TOKEN}}}", "variables.Lake", "remove one of the two"),
    ],
)
def test_a_name_that_is_not_free_is_refused_at_its_line(given: str, path: str, words: str) -> None:
    """With the key to use, or what to do instead."""
    fault = refused(PYTHON, f"{PYTHON}, {given}")
    assert fault.path == f"airflow.{path}"
    assert words in fault.hint


def test_a_password_is_quoted_in_no_message() -> None:
    """The fault names the variable, not its value."""
    fault = refused(PYTHON, f"{PYTHON}, env_vars: {{AIRFLOW_CONN_DB: 'postgresql://u:hunter2@h/d'}}")
    assert "hunter2" not in f"{fault.message} {fault.hint}"


@pytest.mark.parametrize("name", ["MY-NAME", "1ST", "A B"])
def test_a_name_that_no_shell_takes_is_refused(name: str) -> None:
    """At the name itself."""
    fault = refused(PYTHON, f'{PYTHON}, env_vars: {{"{name}": x}}')
    assert fault.path == f"airflow.env_vars.{name}"


def test_variables_and_options_together_fit_a_task_definition() -> None:
    """ECS takes 64 KiB of it."""
    given = ", ".join(f'V{number}: "{"x" * 90}"' for number in range(400))
    assert "32,768 fit" in refused(PYTHON, f"{PYTHON}, env_vars: {{{given}}}").message
