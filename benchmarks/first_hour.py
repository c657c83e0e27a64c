"""Measures a first hour here: from an empty folder to an own DAG that succeeded, and a push of 2,000 DAG files.

python -m benchmarks.first_hour    # about six minutes on a quiet machine; writes docs/first-hour-figures.md
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from acceptance.airflow.clients import client_of_first_user
from spec.reading.load import load

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "first-hour-figures.md"
WINDSOCK = str(Path(sys.executable).parent / "windsock")
PORTS = ("--port", "0", "--endpoint-port", "0")
FILES = 2000
EDITS = 3
VISIBLE_SECONDS = 300.0
DAG = """\
import datetime

from airflow.decorators import dag, task


@dag(dag_id="{name}", start_date=datetime.datetime(2024, 1, 1), schedule=None)
def mine():
    @task
    def say():
        print("hello")

    say()


mine()
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One command that ended well: what was typed, its seconds, its peak memory in MiB, and what it printed."""

    typed: str
    seconds: float
    mebibytes: float
    printed: str


def main() -> None:
    """Take the steps of somebody new, and write the page."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        folder.mkdir()
        begin = [_run(folder, "init")]
        _write(folder, "mine")
        kept = _run(folder, "rehearse", "--keep", "--dag", "mine", *PORTS)
        begin.append(kept)
        variables = dict(re.findall(r"^export (\w+)=(\S+)$", kept.printed, re.MULTILINE))
        try:
            edits = [_edit(folder, variables, f"edit_{number}") for number in range(EDITS)]
            for number in range(FILES):
                _write(folder, f"dag_{number:04}")
            first = _run(folder, "push", env=variables)
            _write(folder, "mine_too")
            second = _run(folder, "push", env=variables)
        finally:
            _run(folder, "rehearse", "--stop")
    PAGE.write_text("\n".join(_page(begin, edits, first, second)) + "\n", encoding="utf-8")


def _edit(folder: Path, variables: Mapping[str, str], name: str) -> tuple[Run, float]:
    """Save a file, push it, and wait until Airflow lists its DAG; return the push, and the seconds since the save."""
    env = load(folder / "env.yaml")
    password = _run(folder, "open", "--password", env=variables).printed.strip()
    client = client_of_first_user(env, variables["WINDSOCK_WEB_URL"], password)
    _write(folder, name)
    saved = time.monotonic()
    pushed = _run(folder, "push", env=variables)
    while name not in client.dags():
        if time.monotonic() - saved > VISIBLE_SECONDS:
            raise SystemExit(f"Airflow does not list {name} after {VISIBLE_SECONDS:.0f} s")
        time.sleep(0.1)
    return pushed, time.monotonic() - saved


def _write(folder: Path, name: str) -> None:
    (folder / "airflow_home" / "dags" / f"{name}.py").write_text(DAG.format(name=name), encoding="utf-8")


def _run(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Run:
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        process = subprocess.Popen([WINDSOCK, *words], cwd=folder, env={**os.environ, **(env or {})}, stdout=printed)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"windsock {' '.join(words)} ended with {process.returncode}")
        printed.seek(0)
        typed = " ".join(word for word in ("windsock", *words) if word not in PORTS)
        seconds = time.monotonic() - began
        return Run(typed=typed, seconds=seconds, mebibytes=usage.ru_maxrss / 1024, printed=printed.read())


def _page(begin: list[Run], edits: list[tuple[Run, float]], first: Run, second: Run) -> Iterator[str]:
    yield "# Figures of a first hour"
    yield ""
    yield "Written by `python -m benchmarks.first_hour`: one run on one machine, environments already built."
    yield f"Python {platform.python_version()}, {os.cpu_count()} processors."
    yield ""
    yield "From an empty folder to an own DAG that succeeded. Between the two commands somebody writes the DAG."
    yield ""
    yield "| command | seconds |"
    yield "|---|---|"
    for run in begin:
        yield f"| `{run.typed}` | {run.seconds:.1f} |"
    yield f"| **{len(begin)} commands** | **{sum(run.seconds for run in begin):.1f}** |"
    yield ""
    yield "A new file, saved and pushed: how long the command takes, and how long after the save Airflow lists its DAG."
    yield ""
    yield "| push, s | in Airflow's list after, s |"
    yield "|---|---|"
    for push, visible in edits:
        yield f"| {push.seconds:.1f} | {visible:.1f} |"
    yield ""
    yield f"A push of {FILES} new DAG files, and of one more. Each waits until Airflow has parsed the files that it"
    yield "knew, for 180 seconds at most:"
    yield ""
    yield "| files | seconds | peak memory of the command, MiB |"
    yield "|---|---|---|"
    yield f"| {FILES} | {first.seconds:.1f} | {first.mebibytes:.0f} |"
    yield f"| 1 | {second.seconds:.1f} | {second.mebibytes:.0f} |"


if __name__ == "__main__":
    main()
