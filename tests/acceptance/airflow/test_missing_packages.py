"""A missing module is named by the line of requirements.txt that brings it."""

import pytest

from acceptance.airflow.missing_packages import requirement_of


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("humanize", "humanize"),
        ("yaml.constructor", "PyYAML"),
        ("sklearn.linear_model", "scikit-learn"),
        ("airflow.providers.google.cloud.operators.bigquery", "apache-airflow-providers-google"),
        ("airflow.providers.snowflake", "apache-airflow-providers-snowflake"),
        ("airflow.providers.cncf.kubernetes.operators.pod", "apache-airflow-providers-cncf-kubernetes"),
        ("airflow.providers.microsoft.azure", "apache-airflow-providers-microsoft-azure"),
    ],
)
def test_a_module_leads_to_its_package(module: str, line: str) -> None:
    """Also where the package has another name, and for providers of Airflow."""
    assert requirement_of(module) == line
