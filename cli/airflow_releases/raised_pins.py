"""Names packages that a release gets newer than of its own day, each with the reason."""

from collections.abc import Mapping
from types import MappingProxyType

from spec.releases.entry import age

RAISED: Mapping[str, str] = MappingProxyType({"croniter": "6.1"})
"""The oldest versions without a known fault. Older croniters leak memory: https://github.com/apache/airflow/issues/50708"""

_RAISED_BY = "2026-11-01"

_EXECUTOR_SINCE = "2.9.0"
"""From here on the Amazon provider of a release's own day has an ECS executor that adopts workers."""

_EXECUTOR_BY = "2024-08-01"
"""Provider 8.26 installs with Airflow 2.7, and 8.16 with 2.6."""

_OF_EXECUTOR = (
    "apache-airflow-providers-amazon",
    "apache-airflow-providers-common-sql",
    "apache-airflow-providers-http",
    "aiobotocore",
    "asgiref",
    "boto3",
    "botocore",
    "redshift-connector",
    "s3transfer",
    "sqlalchemy-redshift",
    "watchtower",
)


def newer_packages(version: str) -> Mapping[str, str]:
    """Return the packages that may be newer than a release, with the last day of which they may be."""
    newer = dict.fromkeys(RAISED, _RAISED_BY)
    return {**newer, **dict.fromkeys(_OF_EXECUTOR, _EXECUTOR_BY)} if age(version) < age(_EXECUTOR_SINCE) else newer
