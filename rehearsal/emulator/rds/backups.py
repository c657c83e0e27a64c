"""The backups of an instance: its first files, and each log that the server has written since."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

DATA, FIRST, LOGS = "data", "first", "logs"
SETTINGS = (
    "archive_mode=on",
    f"archive_command=cp %p /instance/{LOGS}/%f",
    f"restore_command=cp /instance/{LOGS}/%f %p",
    "hot_standby=off",  # a server that replays logs takes no connections
    "recovery_target_action=promote",
)
"""The settings of every server; those of a recovery count where `recovery.signal` is. Source: "Continuous Archiving and
Point-in-Time Recovery", https://www.postgresql.org/docs/16/continuous-archiving.html"""
FLUSH = "SELECT pg_current_xact_id();\nSELECT pg_switch_wal();\n"
"""Commits once more, so that every earlier moment lies before a commit, and writes out what was logged."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The files that an instance begins with: of a snapshot, or of backups, with logs to replay `until` a moment."""

    files: Path
    logs: Path | None = None
    until: datetime | None = None


def keep_first(instance: Path) -> None:
    """Keep the files of an instance whose server has never run."""
    copy(instance / DATA, instance / FIRST)


def put(origin: Origin, instance: Path) -> None:
    """Let an instance whose server has never run begin with other files, and have their backups as its own."""
    copy(origin.files, instance / DATA)
    keep_first(instance)
    if origin.logs is not None:
        copy(origin.logs, instance / LOGS)
        with (instance / DATA / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\nrecovery_target_time = '{origin.until:%Y-%m-%d %H:%M:%S.%f%z}'\n")
        (instance / DATA / "recovery.signal").touch()


def copy_backups(instance: Path, folder: Path) -> Origin:
    """Copy the backups of an instance with the logs that its server has not handed over yet."""
    copy(instance / FIRST, folder / FIRST)
    copy(instance / DATA / "pg_wal", folder / LOGS)
    shutil.rmtree(folder / LOGS / "archive_status", ignore_errors=True)
    copy(instance / LOGS, folder / LOGS)
    return Origin(files=folder / FIRST, logs=folder / LOGS)


def copy(source: Path, target: Path) -> None:
    """Copy a folder with the owners of its files."""
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{source}/.", f"{target}/"], check=True)
