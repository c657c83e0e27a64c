"""Writes releases to the bucket and says which one is current.

The objects of a release are written before the pointer moves, and never again: a push that dies is invisible, and the
next one goes on where it ended. The pointer moves only from where it was seen: of two pushes at once one wins.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from compiler.contract import CURRENT_RELEASE, RELEASE_ARCHIVE, RELEASE_MANIFEST, RELEASES_PREFIX
from deployer.aws.session import Session
from deployer.lifetime.ttl import now
from deployer.release.airflow_home import Code
from deployer.releases.archive import pack
from deployer.releases.manifest import Manifest, read_manifest
from spec.errors import Refusal

MOVES = 1000
"""How many moves the pointer remembers."""


class ReleaseRefusal(Refusal):
    """A release cannot be made current."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A release became current."""

    version: str
    at: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """Which release is current, and which were before, the newest first; `etag` is the object's, empty if there is
    none.
    """

    moves: tuple[Move, ...] = ()
    etag: str = ""

    @property
    def version(self) -> str:
        """The version that is current; empty where nothing was pushed."""
        return self.moves[0].version if self.moves else ""

    @property
    def release(self) -> str:
        """The release that is current."""
        return release_of(self.version)

    @property
    def previous(self) -> str:
        """The version that was current before this one; empty where there was none."""
        return next((move.version for move in self.moves if move.version != self.version), "")


NO_POINTER = Pointer()


def release_of(version: str) -> str:
    """Return the release that a version means."""
    return version.rpartition("-")[2]


def name_of(caller: str) -> str:
    """Return who an identity is without its account, such as `user/alice` or `assumed-role/ci/alice`."""
    return caller.rpartition(":")[2]


def read_pointer(session: Session, bucket: str) -> Pointer:
    """Return which release is current."""
    held = session.s3.held(bucket, CURRENT_RELEASE)
    if held is None:
        return NO_POINTER
    given = json.loads(held.body)
    return Pointer(moves=tuple(Move(**move) for move in given["moves"]), etag=held.etag)


def read_release(session: Session, bucket: str, release: str) -> Manifest | None:
    """Return what is noted of a release, or None where it was never pushed."""
    text = session.s3.get(bucket, _key(release, RELEASE_MANIFEST)) if release else None
    return read_manifest(text) if text else None


def releases(session: Session, bucket: str) -> Iterator[str]:
    """Yield the name of each release that was pushed whole."""
    for stored in session.s3.objects(bucket, RELEASES_PREFIX):
        name, _, file = stored.key.removeprefix(RELEASES_PREFIX).partition("/")
        if file == RELEASE_MANIFEST:
            yield name


def write_release(session: Session, bucket: str, code: Code, manifest: Manifest) -> Manifest:
    """Store a release unless it is there, and return what is noted of it: who was first stays."""
    session.s3.replace(bucket, _key(code.release, RELEASE_ARCHIVE), pack(code), etag="")
    if session.s3.replace(bucket, _key(code.release, RELEASE_MANIFEST), manifest.text(), etag=""):
        return manifest
    return read_release(session, bucket, code.release) or manifest


def move_pointer(session: Session, bucket: str, seen: Pointer, version: str) -> Pointer:
    """Make a version current where `seen` still is. Raises `ReleaseRefusal` where somebody was faster."""
    if seen.version == version:
        return seen
    move = Move(version=version, at=now(session).isoformat(), by=name_of(session.caller))
    moves = (move, *seen.moves)[:MOVES]
    text = json.dumps({"version": version, "moves": [vars(one) for one in moves]}, indent=1).encode()
    etag = session.s3.replace(bucket, CURRENT_RELEASE, text, etag=seen.etag)
    if etag is None:
        found = read_pointer(session, bucket)
        if found.moves[:1] == (move,):  # the answer to this very call was lost, and it was made again
            return found
        first = found.moves[0].by if found.moves else "somebody"
        raise ReleaseRefusal(
            "Another release was made current at the same time; this one is not.",
            why=f"{first} was faster.",
            next_step="Look at `windsock releases`, and push again if yours is to be current.",
        )
    return Pointer(moves=moves, etag=etag)


def delete_release(session: Session, bucket: str, release: str) -> None:
    """Delete the objects of a release, what is noted of it first: half of it is none."""
    session.s3.delete(bucket, [_key(release, RELEASE_MANIFEST)])
    session.s3.delete(bucket, [_key(release, RELEASE_ARCHIVE)])


def _key(release: str, name: str) -> str:
    return f"{RELEASES_PREFIX}{release}/{name}"
