"""Only what is old, beyond the number to keep and used by nobody is deleted."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from deployer.releases.clear import clear_releases
from deployer.releases.manifest import Manifest
from tests.deployer.fakes.session import FakeS3, FakeSession, FakeTime

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def _push(session: FakeSession, *days: int) -> None:
    """Store a release of each age; the pointer was moved to each, the youngest is current."""
    moves = []
    for age in sorted(days):
        at = (NOW - timedelta(days=age)).isoformat()
        manifest = Manifest(release=f"r{age}", version=f"r{age}", at=at)
        session.s3.buckets["code"][f"releases/r{age}/release.json"] = manifest.text()
        session.s3.buckets["code"][f"releases/r{age}/code.tar.gz"] = b""
        moves.append({"version": f"r{age}", "at": at, "by": ""})
    session.s3.buckets["code"]["current.json"] = json.dumps({"moves": moves}).encode()


@pytest.fixture
def session() -> FakeSession:
    """Return releases of today and of one to four hundred days ago."""
    session = FakeSession(s3=FakeS3(buckets={"code": {}}), time=FakeTime(NOW.timestamp()))
    _push(session, 0, 100, 200, 300, 400)
    return session


def _report(session: FakeSession, **runs: int) -> None:
    text = json.dumps({"version": "r0", "parsed": True, "errors": [], "runs": runs, "at": ""})
    session.s3.buckets["code"]["report.json"] = text.encode()


def test_nothing_is_deleted_while_nobody_knows_what_runs_use(session: FakeSession) -> None:
    """A cluster that has just come up has not said it yet."""
    assert clear_releases(session.as_session, "code", keep=1, keep_days=1) == ()


def test_what_a_run_uses_stays(session: FakeSession) -> None:
    """However old it is."""
    _report(session, r400=1)
    assert clear_releases(session.as_session, "code", keep=2, keep_days=90) == ("r200", "r300")
    left = {key.split("/")[1] for key in session.s3.buckets["code"] if "/" in key}
    assert left == {"r0", "r100", "r400"}


def test_nothing_younger_than_the_days_is_deleted(session: FakeSession) -> None:
    """However many there are."""
    _report(session)
    assert clear_releases(session.as_session, "code", keep=1, keep_days=250) == ("r300", "r400")


def test_a_release_that_was_current_again_is_as_young_as_that(session: FakeSession) -> None:
    """A rollback made it current, whoever pushed it long ago."""
    pointer = json.loads(session.s3.buckets["code"]["current.json"])
    pointer["moves"].insert(1, {"version": "r400", "at": (NOW - timedelta(days=2)).isoformat(), "by": ""})
    session.s3.buckets["code"]["current.json"] = json.dumps(pointer).encode()
    _report(session)
    assert "r400" not in clear_releases(session.as_session, "code", keep=1, keep_days=90)
