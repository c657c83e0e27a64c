"""What clients of the database meet is a cause; what its server says of them beside that is none."""

import pytest

from deployer.diagnosis.causes.database import LOOKS
from deployer.diagnosis.evidence import Evidence, Source, Statement
from tests.deployer.fakes.environment import environment


def _names(about: str, text: str) -> list[str]:
    evidence = Evidence(env=environment(), failed=True, statements=(Statement(Source.LOG, about, text),))
    return [cause.name for look in LOOKS for cause in look(evidence)]


@pytest.mark.parametrize(
    ("about", "text", "named"),
    [
        ("scheduler", '(psycopg2.errors.UndefinedTable) relation "log" does not exist', True),
        ("scheduler", "(1146, \"Table 'airflow.log' doesn't exist\")", True),
        ("scheduler", "ERROR: You need to upgrade the database. Please run `airflow db migrate`.", True),
        ("database", '[40] ERROR:  relation "log" does not exist at character 13', False),
    ],
)
def test_missing_tables_are_named_by_what_a_client_meets(about: str, text: str, *, named: bool) -> None:
    """A database container keeps in its log what the first start of Airflow asked it."""
    assert ("database of another release" in _names(about, text)) is named


@pytest.mark.parametrize(("using", "named"), [("YES", True), ("NO", False)])
def test_whoever_comes_to_mysql_without_a_password_has_no_wrong_one(using: str, *, named: bool) -> None:
    """Its health check does, every few seconds."""
    text = f"[Warning] Access denied for user 'airflow'@'10.0.0.7' (using password: {using})"
    assert ("wrong password of the database" in _names("scheduler", text)) is named
