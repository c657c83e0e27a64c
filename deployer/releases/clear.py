"""Deletes releases that are old, and that neither the cluster nor a run uses."""

from datetime import UTC, datetime, timedelta

from deployer.aws.session import Session
from deployer.lifetime.ttl import now
from deployer.releases.report import read_report
from deployer.releases.store import delete_release, read_pointer, read_release, release_of, releases


def clear_releases(
    session: Session, bucket: str, *, keep: int, keep_days: int, reported: bool = True
) -> tuple[str, ...]:
    """Delete what is neither among the `keep` newest nor younger than `keep_days` nor in use; return what is gone.

    Nothing is deleted while nobody knows what runs use, where that is `reported`.
    """
    names = tuple(releases(session, bucket))
    if len(names) <= keep:
        return ()
    report = read_report(session, bucket) if reported else None
    if reported and report is None:
        return ()
    pointer = read_pointer(session, bucket)
    used = {pointer.release, *map(release_of, report.runs if report else ())}
    last = {release_of(move.version): move.at for move in reversed(pointer.moves)}
    oldest = now(session) - timedelta(days=keep_days)
    times = {name: last.get(name) or _pushed(session, bucket, name) for name in names}
    newest = sorted(names, key=lambda name: times[name], reverse=True)
    doomed = tuple(name for name in newest[keep:] if name not in used and _moment(times[name]) < oldest)
    for name in doomed:
        delete_release(session, bucket, name)
    return doomed


def _pushed(session: Session, bucket: str, name: str) -> str:
    manifest = read_release(session, bucket, name)
    return manifest.at if manifest else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.max.replace(tzinfo=UTC)
