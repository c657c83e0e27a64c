"""Tests of the record of refusals."""

from pathlib import Path

from rehearsal.emulator.rules import refusals
from rehearsal.emulator.rules.refusals import Kind, Refusal

DROPPED = Refusal(
    kind=Kind.CONNECTION, who="10.0.0.4", what="tcp 5432", resource="10.0.0.9", reason="no rule allows it"
)


def test_without_refusals_the_record_is_empty(tmp_path: Path) -> None:
    """An emulator that refused nothing has no record, which is no error."""
    assert refusals.read(tmp_path) == ()


def test_a_refusal_is_read_as_it_was_recorded_with_its_time(tmp_path: Path) -> None:
    """Another process learns who wanted what on which resource, why not, and when."""
    refusals.record(tmp_path, DROPPED)

    (read,) = refusals.read(tmp_path)

    assert (read.kind, read.who, read.what, read.resource, read.reason) == (
        Kind.CONNECTION,
        "10.0.0.4",
        "tcp 5432",
        "10.0.0.9",
        "no rule allows it",
    )
    assert read.time > 0


def test_only_refusals_from_a_moment_on_are_read(tmp_path: Path) -> None:
    """One observation reads only what was refused since it began."""
    refusals.record(tmp_path, DROPPED)
    (read,) = refusals.read(tmp_path)

    assert refusals.read(tmp_path, since=read.time) == (read,)
    assert refusals.read(tmp_path, since=read.time + 1) == ()
