"""Pythons and databases come from the README of a release."""

import pytest

from cli.airflow_releases.requirements_table import databases, pythons
from spec.errors import Refusal

NEW = """
|            | Main version (dev)     | Stable version (3.4.0)   | Deprecate version (2.11.2) |
|------------|------------------------|--------------------------|----------------------------|
| Python     | 3.11, 3.12, 3.13, 3.15 | 3.11, 3.12, 3.13         | 3.10, 3.11, 3.12           |
| PostgreSQL | 14, 15, 16, 17, 19     | 14, 15, 16, 17, 18       | 12, 13, 14, 15, 16         |
| MySQL      | 8.0, 8.4, Innovation   | 8.0, 8.4, Innovation     | 8.0, Innovation            |
"""
OLD = """
|             | Main version (dev) | Stable version (2.6.3)    |
|-------------|--------------------|---------------------------|
| Python      | 3.8, 3.9           | 3.7, 3.8, 3.9, 3.10, 3.11 |
| PostgreSQL  | 11                 | 11, 12, 13, 14, 15        |
| MySQL       | 5.7, 8             | 5.7, 8                    |
"""


def test_the_column_of_the_stable_version_counts() -> None:
    """What only the development version was tested with, and innovation releases of MySQL, are left out."""
    assert pythons(NEW) == ("3.11", "3.12", "3.13")
    assert databases(NEW) == {"postgres": ("14", "15", "16", "17", "18"), "mysql": ("8.0", "8.4")}


@pytest.mark.parametrize(
    ("version", "newest"), [("3.4.0", "3.13"), ("2.11.2", "3.12"), ("2.11.3rc1", "3.12"), ("3.5.0b1", "3.13")]
)
def test_the_column_of_its_own_minor_version_counts(version: str, newest: str) -> None:
    """A release of an older series has a newer one's column before its own; a beta has none yet."""
    assert pythons(f"Version: {version}\n{NEW}")[-1] == newest


def test_an_older_table_means_mysql_8_0_by_8() -> None:
    """An image of that name would be another version."""
    assert pythons(OLD)[-1] == "3.11"
    assert databases(OLD)["mysql"] == ("5.7", "8.0")


def test_a_readme_without_the_table_is_refused() -> None:
    """Nobody guesses what a release was tested with."""
    with pytest.raises(Refusal, match="no table"):
        pythons("| a | b | c |\n")
