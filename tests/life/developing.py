"""A project of its own in which `windsock dev` runs, and the lines that it prints."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.life.kept import ROOT, WINDSOCK

START_SECONDS, LINE_SECONDS, END_SECONDS = 600.0, 240.0, 120.0

DAG = """from datetime import datetime
try:
    from airflow.sdk import DAG
except ImportError:
    from airflow.models.dag import DAG
with DAG("{name}", schedule=None, start_date=datetime(2021, 1, 1), tags=["mine"]):
    pass
"""


def make_project(folder: Path, environment: str, name: str = "") -> Path:
    """Make a project with the sample code and the YAML of an environment, under another name if one is given."""
    for part in ("airflow_home", "docker"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / environment).read_text(encoding="utf-8")
    (folder / "env.yaml").write_text(re.sub(r"(?m)^name: .*$", f"name: {name}", text) if name else text)
    return folder


@dataclass(kw_only=True)
class Developing:
    """A running `windsock dev`: its project, its process, and what it has printed so far."""

    project: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    read: int = 0
    more: threading.Condition = field(default_factory=threading.Condition)

    def write(self, file: str, text: str) -> float:
        """Save a file of the project as an editor does, and return when that was."""
        path = self.project / file
        path.with_name(f".{path.name}.new").write_text(text, encoding="utf-8")
        path.with_name(f".{path.name}.new").replace(path)
        return time.monotonic()

    def expect(self, words: str, limit: float = LINE_SECONDS) -> str:
        """Wait for the next line that has these words, and return it."""
        deadline = time.monotonic() + limit
        with self.more:
            while True:
                while self.read < len(self.lines):
                    self.read += 1
                    if words in self.lines[self.read - 1]:
                        return self.lines[self.read - 1]
                assert self.process.poll() is None, "\n".join(self.lines)
                assert time.monotonic() < deadline, f"no {words!r} in:\n" + "\n".join(self.lines)
                self.more.wait(0.2)

    def said(self, name: str) -> str:
        """Return what the line with this fact says, such as the address."""
        return next(line.split(maxsplit=1)[1] for line in self.lines if line.startswith(f"{name} "))

    def follow(self) -> None:
        """Read lines as they come, until there are no more."""
        assert self.process.stderr
        for line in self.process.stderr:
            with self.more:
                self.lines.append(line.rstrip("\n"))
                self.more.notify_all()

    def interrupt(self) -> str:
        """Press Ctrl-C, and return the last line when it has ended well."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(END_SECONDS) == 0, "\n".join(self.lines)
        return self.lines[-1]


@contextmanager
def developing(project: Path, *options: str) -> Iterator[Developing]:
    """Run `windsock dev` in a project until it follows the files, and end it at the end of the block."""
    command = [WINDSOCK, "dev", "env.yaml", "--port", "0", "--endpoint-port", "0", *options]
    with subprocess.Popen(command, cwd=project, env=dict(os.environ), stderr=subprocess.PIPE, text=True) as process:
        running = Developing(project=project, process=process)
        reader = threading.Thread(target=running.follow, daemon=True)
        reader.start()
        try:
            running.expect("Follows ", START_SECONDS)
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(END_SECONDS)
            reader.join(END_SECONDS)
