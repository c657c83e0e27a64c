"""Has the deployed image parse every DAG file, and tells which DAGs there are and which files cannot be imported."""

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from acceptance.airflow.missing_packages import requirement_of
from acceptance.steps import StepRefusal
from compiler.contract import AIRFLOW, AIRFLOW_HOME, COMMAND, RUNTIME_PACKAGE
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from deployer.tasks.one_off_tasks import OneOffTask, run_one_off_tasks, task_network
from spec.environment import Environment

KIND = "dag_file"
"""Marks the lines of the program in the image."""

SCRIPT = f"AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH=100 python -m {RUNTIME_PACKAGE}.parse_dags"
"""The whole traceback: the last two frames, Airflow's default, may both be in somebody's package."""

DELIVERY_SECONDS = 60.0
"""How long CloudWatch may take to show the last line of a container that has ended."""

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_MISSING = re.compile(r"No module named '([^']+)'")


@dataclass(frozen=True)
class DagFiles:
    """The DAGs by their ids, with their files, and the tracebacks by the files that cannot be imported.

    `tagged` are the ids of the DAGs with the tag `rehearse`.
    """

    dags: Mapping[str, str]
    errors: Mapping[str, str]
    tagged: tuple[str, ...] = ()


def parse_dag_files(env: Environment, session: Session, outputs: Outputs) -> DagFiles:
    """Wait until a container has parsed every file, however long that takes. Raises `OneOffTaskFailure`."""
    task = OneOffTask(
        name="parse",
        container=AIRFLOW,
        task_definition=outputs.command_task,
        network=task_network(env, outputs, outputs.command_group),
        script=SCRIPT,
    )
    began = session.clock.now()
    run_one_off_tasks(session, outputs, [task], secrets.token_hex(8))
    found = session.clock.until(lambda: _report(session, outputs, began), limit=DELIVERY_SECONDS)
    if found is None:
        raise StepRefusal(
            "The container that parses the DAG files did not say what it found.",
            next_step="Look at `windsock logs`, at the lines of the task `command`.",
        )
    return DagFiles(
        {dag: entry["file"] for entry in found for dag in entry.get("dags", ())},
        {entry["file"]: entry["error"] for entry in found if "error" in entry},
        tuple(dag for entry in found for dag in entry.get("tagged", ())),
    )


def import_errors(files: DagFiles, requirements: str) -> tuple[str, ...]:
    """Return a line for each file that cannot be imported, with its place, and one for the packages that are missing.

    `requirements` is the file of packages, as the user knows it.
    """
    missing = ", ".join(missing_lines(files.errors.values()))
    return (*_places(files), *((f"Add to {requirements}: {missing}",) if missing else ()))


def _places(files: DagFiles) -> Iterator[str]:
    return (": ".join(explain_import_error(file, error)) for file, error in files.errors.items())


def refuse_import_errors(files: DagFiles, requirements: str) -> None:
    """Raise `StepRefusal` with each file that cannot be imported: its line, the reason, and the line that is missing.

    `requirements` is the file of packages, as the user knows it.
    """
    if not files.errors:
        return
    lines = "\n".join(missing_lines(files.errors.values()))
    raise StepRefusal(
        f"Airflow cannot import {len(files.errors)} of the DAG files.",
        why="\n".join(_places(files)),
        next_step=f"Add to {requirements}, or add the file to the home if it is your own:\n{lines}"
        if lines
        else "Repair the files and rehearse again.",
    )


def missing_lines(errors: Iterable[str]) -> tuple[str, ...]:
    """Return the lines of requirements.txt that bring the modules which these tracebacks miss."""
    missing = {name for error in errors for name in _MISSING.findall(error)[-1:]}
    return tuple(sorted(set(map(requirement_of, missing))))


def explain_import_error(file: str, error: str) -> tuple[str, str]:
    """Return the place in the user's code where a traceback ends, and its last line."""
    own = [line for path, line in _FRAME.findall(error) if path.startswith(AIRFLOW_HOME)][-1:]
    last = error.strip().splitlines()[-1] if error.strip() else "It says nothing more."
    return f"dags/{file}{f':{own[0]}' if own else ''}", last


def _report(session: Session, outputs: Outputs, since: float) -> tuple[Mapping[str, Any], ...] | None:
    """Return what the program said, one entry per file, or None while its last line is on its way."""
    lines = session.logs.lines(outputs.log_groups[COMMAND], since=since)
    entries = [entry for line in lines if (entry := _entry(line.text))]
    return tuple(entry for entry in entries if "file" in entry) if any("end" in entry for entry in entries) else None


def _entry(text: str) -> Mapping[str, Any]:
    """Return what a line of the program says; nothing for other lines."""
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) and entry.get("kind") == KIND else {}
