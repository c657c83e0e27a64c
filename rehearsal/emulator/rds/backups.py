"""The backups of an instance: its files at one moment, the first at first, and each log that was written since."""

import logging
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
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
MOST_LOGS = 32
"""With more logs, of 16 MiB each, the backups begin anew: a session may go on for days."""
LOOK_SECONDS = 10
"""So often it is looked whether there are more."""
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


def bound(identifier: str, renew: Callable[[], None], closed: threading.Event) -> None:
    """Let the backups of an instance begin anew where they have too many logs, until it is closed."""

    def watch() -> None:
        while not closed.wait(LOOK_SECONDS):
            try:
                renew()
            except Exception:
                logging.getLogger("emulator").exception("the backups of %s could not begin anew", identifier)

    threading.Thread(target=watch, name=f"backups {identifier}", daemon=True).start()


def are_many(instance: Path) -> bool:
    """Whether the backups have more logs than are to be kept."""
    return sum(1 for _ in (instance / LOGS).iterdir()) > MOST_LOGS


def begin_anew(instance: Path, files: Path) -> None:
    """Let the backups begin with the files of a base backup, and delete the logs before it.

    Source: "Backup History Files" in "Continuous Archiving and Point-in-Time Recovery", as above.
    """
    found = re.search(r"\(file ([0-9A-F]{24})\)", (files / "backup_label").read_text(encoding="utf-8"))
    if found is None:
        raise RuntimeError("The base backup does not say with which log it begins.")
    shutil.rmtree(instance / FIRST)
    files.rename(instance / FIRST)
    for log in (instance / LOGS).iterdir():
        if _LOG.match(log.name) and log.name[_TIMELINE:] < found[1][_TIMELINE:]:
            log.unlink()


_LOG, _TIMELINE = re.compile("[0-9A-F]{24}"), 8
"""How the names of logs begin, and how many characters of that say on which timeline they are."""


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
