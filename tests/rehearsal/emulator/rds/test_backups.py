"""Backups hold the first files of an instance and every log since."""

from datetime import UTC, datetime
from pathlib import Path

from rehearsal.emulator.rds.backups import (
    DATA,
    FIRST,
    LOGS,
    MOST_LOGS,
    Origin,
    are_many,
    begin_anew,
    copy_backups,
    keep_first,
    put,
)

MOMENT = datetime(2026, 11, 29, 7, 30, tzinfo=UTC)


def _instance(folder: Path) -> Path:
    """Make an instance that has written since it was new: a log that is kept, and one that is not handed over yet."""
    (folder / DATA / "pg_wal" / "archive_status").mkdir(parents=True)
    (folder / LOGS).mkdir()
    (folder / DATA / "table").write_text("new", encoding="ascii")
    keep_first(folder)
    (folder / DATA / "table").write_text("written", encoding="ascii")
    (folder / DATA / "pg_wal" / "2").write_text("second", encoding="ascii")
    (folder / DATA / "pg_wal" / "archive_status" / "1.done").touch()
    (folder / LOGS / "1").write_text("first", encoding="ascii")
    return folder


def _held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="ascii") for path in folder.iterdir() if path.is_file()}


def test_backups_begin_with_the_first_files_and_have_all_logs(tmp_path: Path) -> None:
    """Those that the server has handed over, and the one that it still writes."""
    origin = copy_backups(_instance(tmp_path / "one"), tmp_path / "copy")
    assert origin.logs is not None
    assert _held(origin.files) == {"table": "new"}
    assert _held(origin.logs) == {"1": "first", "2": "second"}


def test_another_instance_replays_until_the_moment(tmp_path: Path) -> None:
    """Its settings name it, the server is told to recover, and the backups are its own from then on."""
    origin = copy_backups(_instance(tmp_path / "one"), tmp_path / "copy")
    put(Origin(files=origin.files, logs=origin.logs, until=MOMENT), tmp_path / "two")
    begun = tmp_path / "two" / DATA
    assert "recovery_target_time = '2026-11-29 07:30:00.000000+0000'" in (begun / "postgresql.conf").read_text("ascii")
    assert (begun / "recovery.signal").exists()
    assert _held(tmp_path / "two" / FIRST) == {"table": "new"}
    assert set(_held(tmp_path / "two" / LOGS)) == {"1", "2"}


def test_an_instance_of_a_snapshot_replays_nothing(tmp_path: Path) -> None:
    """It begins with the files as they were copied."""
    put(Origin(files=_instance(tmp_path / "one") / FIRST), tmp_path / "two")
    assert _held(tmp_path / "two" / DATA) == {"table": "new"}


def test_backups_that_begin_anew_have_the_logs_since_and_what_timelines_there_were(tmp_path: Path) -> None:
    """The logs before the base backup are of no use any more; those of an older timeline go with them."""
    instance, fresh = _instance(tmp_path / "one"), tmp_path / "one" / "copy"
    fresh.mkdir()
    (fresh / "table").write_text("later", encoding="ascii")
    label = "START WAL LOCATION: 0/5000028 (file 000000020000000000000005)\nSTART TIME: 2026-11-29 07:30:00 UTC\n"
    (fresh / "backup_label").write_text(label, encoding="ascii")
    before = ("000000010000000000000003", "000000020000000000000004", "000000020000000000000004.00000028.backup")
    since = ("000000020000000000000005", "000000020000000000000010", "00000002.history")
    for name in (*before, *since):
        (instance / LOGS / name).touch()
    (instance / LOGS / "1").unlink()
    begin_anew(instance, fresh)
    assert _held(instance / FIRST)["table"] == "later"
    assert set(_held(instance / LOGS)) == set(since)
    assert not fresh.exists()


def test_backups_have_so_many_logs_and_no_more(tmp_path: Path) -> None:
    """With one more they are to begin anew."""
    (tmp_path / LOGS).mkdir()
    for number in range(MOST_LOGS):
        (tmp_path / LOGS / f"{number:024}").touch()
    assert not are_many(tmp_path)
    (tmp_path / LOGS / f"{MOST_LOGS:024}").touch()
    assert are_many(tmp_path)
