"""One run at a time changes an environment, whatever becomes of the others."""

import json
import os
from dataclasses import dataclass, field
from typing import Any

import pytest

from deployer.record.lease import EXPIRE_SECONDS, LATE_SECONDS, Lease, LeaseHeld, LeaseLost, given_back, new_lease
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import FakeSession, Recorder

KEY = "demo/lease.json"
ELSEWHERE = {
    "run": "1",
    "what": "deploy",
    "who": "arn:aws:iam::123456789012:user/bo",
    "where": "bo@laptop",
    "machine": "another",
    "process": 7,
    "since": "2026-11-28 10:00:00 UTC",
    "reason": "",
}


@dataclass
class Runs:
    """An AWS in memory with the bucket of the toolkit, and who hears of waits."""

    session: FakeSession = field(default_factory=FakeSession)
    progress: Recorder = field(default_factory=Recorder)

    def lease(self, **more: Any) -> Lease:
        """Return the lease of a run that begins now."""
        return new_lease(environment(), self.session.as_session, "push", **more)

    def hold(self, **changes: Any) -> None:
        """Let somebody hold the lease from now on."""
        self.session.s3.buckets.setdefault("bucket", {})[KEY] = json.dumps({**ELSEWHERE, **changes}).encode()
        self.session.s3.written[KEY] = self.session.time.now()

    @property
    def held(self) -> dict[str, Any]:
        """What the lease says."""
        found: dict[str, Any] = json.loads(self.session.s3.buckets["bucket"][KEY])
        return found


def test_a_run_holds_the_lease_and_gives_it_back() -> None:
    """It says who, where and what, also when the run fails."""
    runs = Runs()

    def fail() -> None:
        with given_back(runs.lease()) as lease:
            assert not lease.take("bucket", runs.progress)
            assert (runs.held["what"], runs.held["who"]) == ("push", runs.session.caller)
            assert f"@{os.uname().nodename}" in runs.held["where"]
            lease.require()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert runs.held == {}
    assert not runs.lease().take("bucket", runs.progress)


def test_a_second_run_is_told_who_has_it() -> None:
    """And by which ways it comes in."""
    runs = Runs()
    runs.hold()
    with pytest.raises(LeaseHeld) as refused, given_back(runs.lease()) as lease:
        lease.take("bucket", runs.progress)
    assert "a deploy of arn:aws:iam::123456789012:user/bo, from bo@laptop, since 2026-11-28" in refused.value.what
    assert "--wait" in refused.value.next_step
    assert "--unlock" in refused.value.next_step
    assert runs.held == ELSEWHERE


def test_who_waits_comes_in_when_the_other_has_ended() -> None:
    """What was read before is old then, and the wait is told once."""
    runs = Runs()
    runs.hold()
    started = runs.session.time.now()
    assert runs.lease(wait=True).take("bucket", runs.progress)
    assert EXPIRE_SECONDS < runs.session.time.now() - started < EXPIRE_SECONDS * 2
    assert len(runs.progress.notes) == 1


def test_a_holder_that_says_nothing_is_waited_for() -> None:
    """A killed run on another machine keeps the next one for a moment only, without asking for anything."""
    runs = Runs()
    runs.hold()
    runs.session.time.sleep(LATE_SECONDS + 1)
    assert runs.lease().take("bucket", runs.progress)
    assert "it says nothing any more" in runs.progress.notes[0]


def test_a_killed_run_of_this_machine_is_no_holder() -> None:
    """Running the same command again goes on at once."""
    runs = Runs()
    left = runs.lease()
    left.take("bucket", runs.progress)
    runs.session.s3.buckets["bucket"][KEY] = json.dumps({**runs.held, "process": 2**22 + 1}).encode()
    assert not runs.lease().take("bucket", runs.progress)
    assert runs.progress.notes == []


def test_a_running_process_of_this_machine_is_one() -> None:
    """The first process of a machine always runs."""
    runs = Runs()
    runs.lease().take("bucket", runs.progress)
    runs.hold(**{**runs.held, "process": 1})
    with pytest.raises(LeaseHeld):
        runs.lease().take("bucket", runs.progress)


def test_of_two_at_once_one_wins() -> None:
    """The other's write meets another version."""
    runs = Runs()
    first = runs.lease()

    def quicker(bucket: str, key: str, body: bytes, *, etag: str) -> str | None:
        runs.session.s3.replace = theirs  # type: ignore[method-assign]  # the race happens once
        runs.hold()
        return theirs(bucket, key, body, etag=etag)

    theirs = runs.session.s3.replace
    runs.session.s3.replace = quicker  # type: ignore[method-assign]  # somebody is quicker
    with pytest.raises(LeaseHeld):
        first.take("bucket", runs.progress)
    assert runs.held == ELSEWHERE


def test_a_lease_is_taken_over_with_a_reason_and_its_run_stops() -> None:
    """The reason stands in the lease; the other run does nothing more, and leaves the lease alone."""
    runs = Runs()
    runs.hold()
    mine = runs.lease(unlock="bo's laptop is at the bottom of the sea")
    assert not mine.take("bucket", runs.progress)
    assert runs.held["reason"].startswith("bo's laptop")
    runs.hold()
    mine._renew()
    with pytest.raises(LeaseLost):
        mine.require()
    mine.give_back()
    assert runs.held == ELSEWHERE


def test_a_renewal_whose_answer_got_lost_is_one() -> None:
    """S3 has the new version, and this run knows the old one."""
    runs = Runs()
    lease = runs.lease()
    lease.take("bucket", runs.progress)
    lease._etag = "old"
    lease._renew()
    lease.require()
    lease.give_back()
    assert runs.held == {}


def test_without_a_bucket_there_is_nothing_to_hold() -> None:
    """The very first deploy of an account takes it once the toolkit has its bucket."""
    runs = Runs()
    lease = runs.lease()
    assert not lease.take("", runs.progress)
    lease.require()
    lease.give_back()
    assert runs.session.s3.buckets == {}
