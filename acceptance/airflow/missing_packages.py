"""Names the line of requirements.txt that brings a module which a DAG file imports and the image lacks."""

from collections.abc import Mapping
from types import MappingProxyType

PROVIDERS = "airflow.providers."
NAMESPACES = frozenset({"apache", "atlassian", "cncf", "common", "dbt", "microsoft"})
"""Groups of providers, whose packages have the name of the group and one more."""

DISTRIBUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "attr": "attrs",
        "bs4": "beautifulsoup4",
        "cv2": "opencv-python-headless",
        "dateutil": "python-dateutil",
        "dotenv": "python-dotenv",
        "github": "PyGithub",
        "jwt": "PyJWT",
        "kafka": "kafka-python",
        "kubernetes_asyncio": "kubernetes-asyncio",
        "MySQLdb": "mysqlclient",
        "OpenSSL": "pyOpenSSL",
        "PIL": "pillow",
        "psycopg2": "psycopg2-binary",
        "serial": "pyserial",
        "sklearn": "scikit-learn",
        "slack_sdk": "slack-sdk",
        "yaml": "PyYAML",
    }
)
"""Packages that are not called like their module. Source: their pages on pypi.org."""


def requirement_of(module: str) -> str:
    """Return the line that brings a module; without other knowledge a package is called like its module."""
    if module.startswith(PROVIDERS):
        parts = module.removeprefix(PROVIDERS).split(".")
        return "-".join(["apache-airflow-providers", *parts[: 2 if parts[0] in NAMESPACES else 1]])
    top = module.partition(".")[0]
    return DISTRIBUTIONS.get(top, top)
