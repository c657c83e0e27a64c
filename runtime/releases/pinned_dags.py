"""Lets each process of Airflow 2 load DAGs from one release alone, whatever release becomes current meanwhile.

A process chooses the release when it loads its first DAG file, and those that it forks keep it: the parse of one file,
or one task. Airflow goes on seeing the path of the link, under which its database knows the DAG.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from airflow.dag_processing.processor import DagFileProcessor
from airflow.models import dagbag
from airflow.models.dagbag import DagBag
from airflow.models.taskinstance import TaskInstance

from .folders import hold, import_from
from .parse_marks import mark, note_runs
from .task_releases import count_runs, note_release

log = logging.getLogger(__name__)

LOOKS = 10
"""How often a process looks for a release that is there; the current one is never deleted."""


class Pin:
    """The release of a process, by the link that leads to its DAGs."""

    def __init__(self, dags: Path) -> None:
        self._dags = dags
        self._folder: Path | None = None
        self._lock = -1
        self.errors: dict[str, str] = {}

    @property
    def folder(self) -> Path:
        """The folder of the release, which stays as long as the process."""
        if self._folder is None:
            self._folder = self._hold()
            import_from(self._folder, self._folder.parent, self._dags)
        return self._folder

    def _hold(self) -> Path:
        for _ in range(LOOKS):
            folder = self._dags.resolve().parent
            with suppress(FileNotFoundError):  # another release took its place just now
                self._lock = hold(folder)
                return folder
        raise FileNotFoundError(self._dags)

    @property
    def release(self) -> str:
        """The name of the release; empty before the first file."""
        return "" if self._folder is None else self._folder.name

    def covers(self, path: str | None) -> bool:
        """Whether a path leads through the link."""
        return path is not None and self._dags.is_symlink() and Path(path).is_relative_to(self._dags)

    def pinned(self, path: str) -> str:
        """Return the path in the release for one that leads through the link; any other stays."""
        if not Path(path).is_relative_to(self._dags):
            return path
        return str(self.folder / self._dags.name / Path(path).relative_to(self._dags))

    def public(self, path: str) -> str:
        """Return the path through the link for one in the release; any other stays."""
        if self._folder is None:
            return path
        own = self.folder / self._dags.name
        return str(self._dags / Path(path).relative_to(own)) if Path(path).is_relative_to(own) else path


def pin_dags(home: Path, *, marks: bool = True) -> None:
    """Let Airflow in this process and in those that it forks load DAGs that way; with `marks` note what was parsed."""
    pin = Pin(home / "dags")
    load, handle = DagBag.process_file, DagFileProcessor.process_file

    def process_file(bag: Any, filepath: str, *arguments: Any, **named: Any) -> Any:
        if not pin.covers(filepath):
            return load(bag, filepath, *arguments, **named)
        for dag in bag.dags.values():  # Airflow takes a DAG for another's twin by its path
            dag.fileloc = pin.pinned(dag.fileloc)
        found = load(bag, pin.pinned(filepath), *arguments, **named)
        for dag in (*bag.dags.values(), *found):
            dag.fileloc = pin.public(dag.fileloc)
        for noted in (bag.import_errors, bag.file_last_changed, getattr(bag, "captured_warnings", {})):
            for path in [*noted]:
                noted[pin.public(path)] = noted.pop(path)
        pin.errors = bag.import_errors
        return found

    def handle_file(processor: Any, file_path: str, *arguments: Any, **named: Any) -> Any:
        answer = handle(processor, file_path, *arguments, **named)
        if marks and pin.covers(file_path):
            error = next((text for path, text in pin.errors.items() if path.startswith(file_path)), "")
            mark(pin.folder, str(Path(file_path).relative_to(home / "dags")), error)
            _count(pin)
        return answer

    _keep_module_names(pin)
    _note_releases(pin)
    DagBag.process_file = process_file
    DagFileProcessor.process_file = handle_file


def _keep_module_names(pin: Pin) -> None:
    """Name the module of a DAG file after the path through the link: by that name a task finds classes of others."""
    name = getattr(dagbag, "get_unique_dag_module_name", None)
    if name is not None:
        dagbag.get_unique_dag_module_name = lambda path: name(pin.public(path))


def _count(pin: Pin) -> None:
    try:
        note_runs(partial(count_runs, pin.release))
    except Exception:  # whoever parses goes on without it
        log.exception("The runs of each release could not be counted")


def _note_releases(pin: Pin) -> None:
    """Note the release of each task that begins; one whose file is not in a release has none."""
    run = TaskInstance._run_raw_task  # noqa: SLF001  # Airflow has no public name for it

    def run_task(task: Any, *arguments: Any, **named: Any) -> Any:
        if pin.release:
            note_release(task, pin.release)
        return run(task, *arguments, **named)

    TaskInstance._run_raw_task = run_task  # noqa: SLF001  # as above
