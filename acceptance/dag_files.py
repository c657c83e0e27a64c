"""Has the deployed image parse every DAG file, and tells which DAGs there are and which files cannot be imported."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from acceptance.airflow.missing_packages import requirement_of
from acceptance.steps import StepRefusal
from compiler.contract import AIRFLOW_HOME, RUNTIME_PACKAGE
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from deployer.tasks.reports import Program, read_report
from spec.environment import Environment

PARSE = Program(
    name="parse",
    kind="dag_file",
    script=f"AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH=100 python -m {RUNTIME_PACKAGE}.parse_dags",
)
"""With the whole traceback: the last two frames, Airflow's default, may both be in somebody's package."""

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
    """Wait until a container has parsed every file, however long that takes.

    Raises `OneOffTaskFailure`, or `ReportRefusal` when it did not say all.
    """
    found = read_report(env, session, outputs, PARSE)
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
    """Return the place in the user's code where a traceback ends, and the line in which Python says why."""
    own = [line for path, line in _FRAME.findall(error) if path.startswith(AIRFLOW_HOME)][-1:]
    return f"dags/{file}{f':{own[0]}' if own else ''}", _reason(error) or "It says nothing more."


def _reason(error: str) -> str:
    """Return the first line of the message, which follows the last frame: Airflow's own go on for several lines."""
    lines = error.strip().splitlines()
    frames = [number for number, line in enumerate(lines) if _FRAME.search(line)]
    after = lines[frames[-1] + 1 :] if frames else []
    return next((line for line in after if line and not line.startswith(" ")), lines[-1] if lines else "")
