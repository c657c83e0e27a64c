"""Backups that do not reach the moment of the YAML are told with what they reach, before anything is created."""

from datetime import UTC, datetime

import pytest

from deployer.aws.rds import RestoreWindow
from deployer.databases.moments import MomentRefusal, moment_faults, refuse_moment
from tests.deployer.fakes.session import FakeRds, FakeSession
from tests.spec.minimal import minimal

INSTANCE = "db-ABCDEFGH12345678"
WINDOW = RestoreWindow(
    datetime(2026, 11, 22, 2, 30, 5, tzinfo=UTC), datetime(2026, 11, 29, 7, 25, 40, 900_000, tzinfo=UTC)
)


def _faults(time: str, windows: dict[str, RestoreWindow] | None = None) -> tuple[str, ...]:
    section = f'restore_from: {{instance: {INSTANCE}, time: "{time}", generation: 2}}'
    rds = FakeRds(windows={INSTANCE: WINDOW} if windows is None else windows)
    return moment_faults(minimal(more=f"database: {{{section}}}\n"), FakeSession(rds=rds).as_session)


@pytest.mark.parametrize("time", ["2026-11-22T02:30:05Z", "2026-11-25T00:00:00Z", "2026-11-29T07:25:40Z"])
def test_a_moment_that_the_backups_reach_has_no_fault(time: str) -> None:
    """Both ends are among them."""
    assert _faults(time) == ()


@pytest.mark.parametrize("time", ["2026-11-22T02:30:04Z", "2026-11-29T07:25:41Z"])
def test_a_moment_before_or_after_the_backups_is_told_with_both_bounds(time: str) -> None:
    """Nothing is changed for it."""
    (fault,) = _faults(time)
    assert "from 2026-11-22T02:30:05Z to 2026-11-29T07:25:40Z" in fault
    assert time in fault
    with pytest.raises(MomentRefusal, match="nothing was changed"):
        refuse_moment("demo", (fault,))


def test_an_instance_without_backups_is_told() -> None:
    """With what may be the reason."""
    (fault,) = _faults("2026-11-25T00:00:00Z", {})
    assert f"RDS has no backups of {INSTANCE}" in fault
    assert "backup_days is 0" in fault


def test_whoever_begins_with_something_else_is_not_asked() -> None:
    """A snapshot has no bounds, and a container no backups."""
    asked = FakeSession().as_session
    assert moment_faults(minimal(more="database: {restore_from: {snapshot: one, generation: 2}}\n"), asked) == ()
    assert moment_faults(minimal(more='database: {kind: container, version: "15"}\n'), asked) == ()
