"""Tables are missing where a client of the database says so; the server says it too while Airflow first looks."""

import pytest

from deployer.diagnosis.causes.database import LOOKS
from deployer.diagnosis.evidence import Evidence, Source, Statement
from tests.deployer.fakes.environment import environment


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
    evidence = Evidence(env=environment(), failed=True, statements=(Statement(Source.LOG, about, text),))
    causes = [cause.name for look in LOOKS for cause in look(evidence)]
    assert ("database of another release" in causes) is named
