"""Starts a process of Airflow 2 that loads DAGs, with what follows releases, or tells of them, beside it.

`python -m windsock_runtime.releases.run scheduler` takes the place of `airflow scheduler`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from airflow.__main__ import main as airflow

from ..release_store import BUCKET_VARIABLE
from .folders import hold
from .follow import TELL
from .pinned_dags import pin_dags
from .shared import shared_folder

AGAIN_SECONDS = 5
FOLLOW = f'while :; do "$0" -m {__package__}.follow "$@"; sleep {AGAIN_SECONDS}; done'
"""What follows releases starts again where it was killed, for memory or by mistake."""

PARSES = "scheduler"
"""The process that parses DAG files; the others cannot say what Airflow made of a release."""


TASK = "tasks"
"""The command of a worker, which keeps the release of its start."""


def main() -> None:
    """Run `airflow` with the arguments of this program."""
    home, own = Path(os.environ["AIRFLOW_HOME"]), shared_folder() is None
    if own and (home / "config").is_symlink():
        hold((home / "config").resolve().parent)  # what it has from `config/` and `plugins/` is of this release
    tells = BUCKET_VARIABLE in os.environ and sys.argv[1] == PARSES
    follows = own and sys.argv[1] != TASK
    if follows or tells:
        subprocess.Popen(["bash", "-c", FOLLOW, sys.executable, *([TELL] if tells else [])])
    pin_dags(home, marks=own or tells)
    sys.argv[0] = "airflow"
    airflow()


if __name__ == "__main__":
    main()
