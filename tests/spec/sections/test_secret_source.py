"""A value that stands in no file is found in one place, which is written so that AWS finds it too."""

import pytest

from tests.spec.minimal import PYTHON, minimal, refused

ARN = "arn:aws:secretsmanager:us-west-2:123456789012:secret:demo/token"


@pytest.mark.parametrize(
    "source",
    [
        "{secret: demo/token}",
        "{secret: demo/token, key: value}",
        f'{{secret: "{ARN}-AbCdEf"}}',
        "{parameter: /demo/token}",
        "{parameter: token}",
        '{parameter: "arn:aws:ssm:us-west-2:123456789012:parameter/demo/token"}',
    ],
)
def test_a_secret_or_a_parameter_is_named_or_has_an_arn(source: str) -> None:
    """Of a secret, one key may be meant."""
    airflow = minimal(PYTHON, f"{PYTHON}, secrets: {{TOKEN: {source}}}").airflow
    assert list(airflow.secret_sources) == ["TOKEN"]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("{}", "secrets.TOKEN"),
        ("{key: value}", "secrets.TOKEN"),
        ("{secret: a, parameter: b}", "secrets.TOKEN"),
        ("{parameter: b, key: value}", "secrets.TOKEN.key"),
        ("{secret: demo/db-secret}", "secrets.TOKEN.secret"),
        (f'{{secret: "{ARN}"}}', "secrets.TOKEN.secret"),
        ('{secret: "a b"}', "secrets.TOKEN.secret"),
        ("{parameter: a/b}", "secrets.TOKEN.parameter"),
        ("demo/token", "secrets.TOKEN"),
    ],
)
def test_what_aws_could_not_find_is_refused_at_its_line(source: str, path: str) -> None:
    """A name that ends like an ARN stands for another secret, and an ARN without its end for none."""
    fault = refused(PYTHON, f"{PYTHON}, secrets: {{TOKEN: {source}}}")
    assert fault.path == f"airflow.{path}"
    assert fault.hint


def test_connections_and_variables_fill_the_variables_that_airflow_reads() -> None:
    """In capital letters."""
    given = "connections: {warehouse: {secret: demo/warehouse}}, variables: {stage: {parameter: /demo/stage}}"
    airflow = minimal(PYTHON, f"{PYTHON}, {given}").airflow
    assert list(airflow.secret_sources) == ["AIRFLOW_CONN_WAREHOUSE", "AIRFLOW_VAR_STAGE"]


def test_a_secrets_backend_has_a_prefix_and_no_rival() -> None:
    """Airflow asks one backend."""
    assert refused(PYTHON, f"{PYTHON}, secrets_backend: {{}}").path == "airflow.secrets_backend"
    assert refused(PYTHON, f"{PYTHON}, secrets_backend: {{connections: demo/}}").path.endswith("connections")
    own = "config: {secrets: {backend: acme.Backend}}, secrets_backend: {connections: demo/connections}"
    assert refused(PYTHON, f"{PYTHON}, {own}").path == "airflow.secrets_backend"
    same = minimal(PYTHON, f"{PYTHON}, secrets_backend: {{connections: demo, variables: demo}}").airflow
    assert same.secrets_backend
    assert same.secrets_backend.prefixes == ("demo",)
