"""Follows the current release beside a process of Airflow 2: lays it in a folder of its own, and switches one link.

`python -m windsock_runtime.releases.follow` runs as long as its container. Whoever looks sees the old release or the
new one, never a part of both. Where a file system has the releases, another switches the link, and it only tells.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from ..fetch_release import RELEASES, link
from ..json_log import JsonFormatter
from ..release_store import current_version, release_of, report_apart, unpack
from .folders import forget_old, touch
from .parse_marks import Marks
from .report import QUIET, Reporter
from .shared import CURRENT, linked_version, shared_folder

TELL = "tell"
"""The argument with which it also tells what Airflow made of the release: beside the process that parses."""

SECONDS = 4
"""How often it looks which release is current."""

SHARED_QUIET = timedelta(seconds=45)
"""Airflow lists the files of a file system every 30 seconds, and may parse a new one only then."""

log = logging.getLogger(__name__)


def main() -> None:
    """Follow until the container ends."""
    console = logging.StreamHandler(sys.stdout)
    console.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[console])
    follower = Follower(Path(os.environ["AIRFLOW_HOME"]), tells=sys.argv[1:] == [TELL])
    while True:
        follower.look()
        time.sleep(SECONDS)


class Follower:
    """Keeps the folder of the DAGs in one home at the current release."""

    def __init__(self, home: Path, *, tells: bool) -> None:
        self._tells = tells
        self._dags = home / "dags"
        self._releases = home / RELEASES
        self._shared = shared_folder()
        if self._shared is None:
            self._reporter = Reporter(Marks(self._dags, QUIET).state_of)
        else:
            self._reporter = Reporter(Marks(self._shared / CURRENT, SHARED_QUIET).state_of, report_apart)

    def look(self) -> None:
        """Take what is current, and perhaps tell what Airflow made of it; a look that fails is repeated."""
        try:
            version, folder = self._take() if self._shared is None else self._linked(self._shared)
            if self._tells and self._dags.is_symlink():  # not where somebody mounts other DAGs
                self._reporter.tell(version, folder / self._dags.name)
        except Exception:  # the next look may succeed
            log.exception("The current release could not be taken")

    def _linked(self, releases: Path) -> tuple[str, Path]:
        version = linked_version(releases)
        return version, releases / release_of(version)

    def _take(self) -> tuple[str, Path]:
        version = current_version()
        folder = unpack(release_of(version), self._releases / release_of(version))
        if self._dags.resolve() != folder / self._dags.name:
            self._switch(folder)
        return version, folder

    def _switch(self, folder: Path) -> None:
        touch(folder)
        link(self._dags, folder / self._dags.name)
        log.info("DAGs are those of release %s", folder.name)
        forget_old(self._releases, folder)


if __name__ == "__main__":
    main()
