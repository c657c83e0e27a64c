"""One rule says which pairs of an Airflow release and a database version were tested, whatever runs the database."""

import pytest

from spec.releases.engines import EngineName
from spec.releases.table import RELEASES
from spec.sections.databases.kind import untested

OLDEST = RELEASES["2.5.3"]


@pytest.mark.parametrize(("engine", "version", "fits"), [("postgres", "15", True), ("mysql", "8.4", False)])
def test_only_tested_pairs_fit(engine: EngineName, version: str, *, fits: bool) -> None:
    """The table of releases says which they are."""
    assert bool(list(untested(OLDEST, engine, version, OLDEST.databases[engine]))) is not fits


def test_the_hint_names_tested_versions_that_are_offered() -> None:
    """RDS does not have each of them."""
    (violation,) = untested(OLDEST, "postgres", "16", ("14", "16"))
    assert violation.message == "Airflow 2.5.3 was not tested with PostgreSQL 16"
    assert violation.hint == 'valid: "14"'
