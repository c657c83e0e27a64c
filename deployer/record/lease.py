"""Lets one run at a time change an environment: a lease beside its templates, in the bucket of the toolkit.

It is written with a condition, so that of two runs one wins. Whoever holds it renews it, and it ends by itself soon
after its holder does. A run whose lease is no longer its own stops before its next step.
"""

import hashlib
import json
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

from compiler.contract import template_prefix
from deployer.aws.errors import AwsRefusal
from deployer.aws.s3 import HeldObject
from deployer.aws.session import Session
from deployer.progress import Progress
from spec.environment import Environment
from spec.errors import Refusal

OBJECT = "lease.json"
RENEW_SECONDS = 20.0
LATE_SECONDS = 45.0
"""After so long without a renewal its holder has probably ended: whoever comes waits for the rest."""
EXPIRE_SECONDS = 90.0
WAIT_SECONDS = 4 * 60 * 60.0
_FREE = b"{}"
_MACHINE_FILES = ("/proc/sys/kernel/random/boot_id", "/etc/machine-id")


class LeaseHeld(Refusal):
    """Another run is changing the environment."""


class LeaseLost(Refusal):
    """Another run has taken the lease over."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a lease: an identity of AWS, somebody at a machine, and what they do since when."""

    run: str
    what: str
    who: str
    where: str
    machine: str
    process: int
    since: str
    reason: str = ""

    def __str__(self) -> str:
        return f"a {self.what} of {self.who}, from {self.where}, since {self.since}"

    @property
    def has_ended(self) -> bool:
        """Whether it was a process of this machine that runs no more."""
        if self.machine != _machine():
            return False
        if self.process == os.getpid():
            return True  # a run of this process is over when the next begins
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


class Lease:
    """The lease of one run; it holds none until `take`."""

    def __init__(self, env: Environment, session: Session, holder: Holder, *, wait: bool) -> None:
        self._name = env.name
        self._key = _key(env)
        self._session, self._holder, self._wait = session, holder, wait
        self._bucket = ""
        self._etag = ""
        self._lost = False
        self._ended = threading.Event()
        self._turn = threading.Lock()

    def take(self, bucket: str, progress: Progress) -> bool:
        """Take the lease in a bucket, once; return whether that took a wait, so that what was read before is old.

        `progress` hears of the wait. Raises `LeaseHeld` when another run has it.
        """
        if not bucket or self._bucket:
            return False
        deadline = self._session.clock.now() + WAIT_SECONDS
        waited = told = False
        while True:
            taken, held = self._attempt(bucket)
            if taken:
                break
            if held is not None:
                self._hold_out(held, None if told else progress, deadline)
                told = True
            waited = True
        threading.Thread(target=self._keep, name="lease", daemon=True).start()
        return waited

    @property
    def bucket(self) -> str:
        """The bucket in which it is held; empty before."""
        return self._bucket

    @property
    def what(self) -> str:
        """The verb of its run."""
        return self._holder.what

    def require(self) -> None:
        """Raise `LeaseLost` when another run has taken it over."""
        if self._lost:
            raise LeaseLost(
                f"{self._name}: another run has taken the lease over.",
                why="What this run has begun goes on in AWS; it does nothing more.",
                next_step="`windsock status` shows where it stands; run the same command again to go on.",
            )

    def give_back(self) -> None:
        """Let the next run have it; a lease that is no longer ours stays as it is."""
        self._ended.set()
        with self._turn, suppress(AwsRefusal):  # it ends by itself
            if self._bucket and not self._lost:
                self._session.s3.replace(self._bucket, self._key, _FREE, etag=self._etag)

    def _attempt(self, bucket: str) -> tuple[bool, HeldObject | None]:
        """Take the lease if it is free; return whether that went well, or else what another run was seen to hold."""
        held = self._session.s3.held(bucket, self._key)
        if held is not None and not self._is_free(held):
            return False, held
        etag = self._write(bucket, held.etag if held else "")
        if etag is None:
            return False, None  # somebody was quicker
        self._bucket, self._etag = bucket, etag
        return True, None

    def _is_free(self, held: HeldObject) -> bool:
        holder = _holder(held)
        return holder is None or holder.has_ended or held.age > EXPIRE_SECONDS or bool(self._holder.reason)

    def _write(self, bucket: str, etag: str) -> str | None:
        """Return the new ETag, or None when the lease is another's; a write whose answer got lost was one, too."""
        written = self._session.s3.replace(bucket, self._key, self._body(), etag=etag)
        if written is not None:
            return written
        held = self._session.s3.held(bucket, self._key)
        holder = _holder(held) if held else None
        return held.etag if held and holder and holder.run == self._holder.run else None

    def _hold_out(self, held: HeldObject, progress: Progress | None, deadline: float) -> None:
        """Wait a moment, if that is wanted or the holder has probably ended; raise `LeaseHeld` otherwise."""
        holder, late = _holder(held), held.age > LATE_SECONDS
        if not (late or self._wait) or self._session.clock.now() >= deadline:
            raise self._refusal(holder)
        if progress:
            progress.note(f"Waiting for {holder}{'; it says nothing any more' if late else ''}.")
        self._session.clock.sleep(self._session.clock.longest)

    def _refusal(self, holder: Holder | None) -> LeaseHeld:
        return LeaseHeld(
            f"{self._name} is being changed by {holder}.",
            why=f"One run at a time changes an environment; its lease ends {EXPIRE_SECONDS:g} seconds after the run.",
            next_step="Add --wait to wait for it. If you know that it has ended, `windsock deploy --unlock REASON`.",
        )

    def _keep(self) -> None:
        while not self._lost and not self._ended.wait(RENEW_SECONDS):
            with suppress(AwsRefusal):  # the next attempt may come through
                self._renew()

    def _renew(self) -> None:
        with self._turn:
            etag = self._write(self._bucket, self._etag)
            self._lost, self._etag = etag is None, etag or ""

    def _body(self) -> bytes:
        return json.dumps(asdict(self._holder)).encode()


def new_lease(env: Environment, session: Session, what: str, *, wait: bool = False, unlock: str = "") -> Lease:
    """Return the lease of a run, which it has yet to take.

    Args:
        env: the environment that the run changes.
        session: AWS.
        what: the verb of the run.
        wait: whether to wait until another run has ended.
        unlock: why the lease of another run may be taken over; empty to respect it.
    """
    holder = Holder(
        run=uuid.uuid4().hex,
        what=what,
        who=session.caller,
        where=f"{_user()}@{socket.gethostname()}",
        machine=_machine(),
        process=os.getpid(),
        since=datetime.fromtimestamp(session.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        reason=unlock,
    )
    return Lease(env, session, holder, wait=wait)


@contextmanager
def given_back(lease: Lease) -> Iterator[Lease]:
    """Give a lease back when the run ends, however it ends."""
    try:
        yield lease
    finally:
        lease.give_back()


def read_holder(env: Environment, session: Session, bucket: str) -> Holder | None:
    """Return who changes an environment now; None where nobody does, or whoever did has ended without a word."""
    held = session.s3.held(bucket, _key(env)) if bucket else None
    holder = _holder(held) if held else None
    return holder if held and holder and held.age <= EXPIRE_SECONDS and not holder.has_ended else None


def _key(env: Environment) -> str:
    return template_prefix(env.name, expiring=env.ttl is not None) + OBJECT


def _holder(held: HeldObject) -> Holder | None:
    said = json.loads(held.body)
    return Holder(**said) if said else None


def _user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _machine() -> str:
    """Return what tells this machine, and its world of process ids, from every other."""
    parts = [socket.gethostname(), str(uuid.getnode())]
    for name in _MACHINE_FILES:
        with suppress(OSError):
            parts.append(Path(name).read_text(encoding="ascii").strip())
    with suppress(OSError):
        parts.append(str(Path("/proc/self/ns/pid").stat().st_ino))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
