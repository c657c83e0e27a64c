"""Releases are written once, become current one at a time, and are invisible until then."""

import json

import pytest

from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.manifest import Manifest
from deployer.releases.store import (
    NO_POINTER,
    ReleaseRefusal,
    delete_release,
    move_pointer,
    read_pointer,
    read_release,
    releases,
    write_release,
)
from tests.deployer.fakes.session import FakeS3, FakeSession

CODE = Code((CodeFile("dags/one.py", b"x = 1\n"),))
MANIFEST = Manifest(release=CODE.release, version=CODE.release, by="user/ann")


@pytest.fixture
def session() -> FakeSession:
    """Return an account with an empty bucket."""
    return FakeSession(s3=FakeS3(buckets={"code": {}}))


def test_who_wrote_a_release_first_stays(session: FakeSession) -> None:
    """Its objects are never written again."""
    aws = session.as_session
    write_release(aws, "code", CODE, MANIFEST)
    again = write_release(aws, "code", CODE, Manifest(release=CODE.release, version="other", by="user/bob"))
    assert again.by == "user/ann"
    assert len(session.s3.replaced) == 2
    assert list(releases(aws, "code")) == [CODE.release]


def test_an_archive_without_its_manifest_is_no_release(session: FakeSession) -> None:
    """A push that died there is completed by the next."""
    session.s3.buckets["code"][f"releases/{CODE.release}/code.tar.gz"] = b"whole"
    aws = session.as_session
    assert list(releases(aws, "code")) == []
    write_release(aws, "code", CODE, MANIFEST)
    assert read_release(aws, "code", CODE.release) == MANIFEST


def test_of_two_at_once_one_wins_and_the_other_is_told(session: FakeSession) -> None:
    """Both had looked before either wrote."""
    aws = session.as_session
    seen = move_pointer(aws, "code", NO_POINTER, "one")
    move_pointer(aws, "code", seen, "two")
    session.caller = "arn:aws:iam::123456789012:user/bob"
    with pytest.raises(ReleaseRefusal, match="Another release"):
        move_pointer(aws, "code", seen, "three")
    assert read_pointer(aws, "code").version == "two"


def test_an_answer_that_was_lost_is_no_defeat(session: FakeSession) -> None:
    """The client sends a call again whose answer it did not get: the second finds what the first wrote."""

    def arrive(key: str) -> None:
        session.s3.before_replace = lambda _key: None
        move = {"version": "one", "at": "1970-01-12T13:46:40+00:00", "by": "user/ann"}
        session.s3.buckets["code"][key] = json.dumps({"version": "one", "moves": [move]}).encode()

    session.s3.before_replace = arrive
    assert move_pointer(session.as_session, "code", NO_POINTER, "one").version == "one"


def test_the_pointer_remembers_what_was_before(session: FakeSession) -> None:
    """So that one can go back without naming it."""
    aws = session.as_session
    pointer = move_pointer(aws, "code", move_pointer(aws, "code", NO_POINTER, "one"), "c-two")
    assert (pointer.release, pointer.previous) == ("two", "one")
    assert move_pointer(aws, "code", pointer, "c-two") == pointer


def test_a_deleted_release_is_gone_at_once(session: FakeSession) -> None:
    """What is noted of it goes first: half of a release is none."""
    aws = session.as_session
    write_release(aws, "code", CODE, MANIFEST)
    delete_release(aws, "code", CODE.release)
    assert session.s3.buckets["code"] == {}
