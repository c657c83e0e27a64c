"""Imports the DAG files on this machine, with the packages of the image, before a deploy makes anything."""

import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from acceptance.dag_files import PARSE, DagFiles, explain_import_error, import_errors
from acceptance.images.airflow_virtualenv import build_airflow, find_airflow
from compiler.contract import AIRFLOW_HOME, INCLUDE, RUNTIME_PACKAGE
from deployer.progress import Progress
from deployer.release.airflow_home import Code, CodeRefusal
from deployer.release.image_context import ImageContext
from deployer.release.requirements import REQUIREMENTS
from deployer.release.runtime_layer import layer_version, write_runtime
from rehearsal.host.errors import RehearsalFailure
from spec.environment import Environment

LIMIT_SECONDS = 300.0
IN_SPITE = "--ignore-import-errors"

_EVERYWHERE = re.compile(
    r"^(?:ModuleNotFoundError: |ImportError: cannot import name |(?:Syntax|Indentation|Tab|Name)Error\b)", re.MULTILINE
)
"""Errors that hang on code and packages alone. A variable, a connection, a file or a library of the system that this
machine lacks may be there on AWS."""


@dataclass(frozen=True, kw_only=True)
class LocalImports:
    """Implements `deployer.steps.step.DagImports`: a program in the virtualenv that stands for the image parses them.

    It has the files in a home of its own, and neither credentials nor variables of this machine. `project` is the
    folder of the YAML, `cache` that of Windsock. With `tolerant` it tells errors and refuses nothing.
    """

    env: Environment
    project: Path
    cache: Path
    progress: Progress
    tolerant: bool = False

    def check(self, code: Code, *, build: bool) -> None:
        """Refuse files that lack a module or a name. Raises `CodeRefusal`."""
        virtualenv = self._virtualenv(build=build)
        if virtualenv is None:
            return
        key = self._key(virtualenv, code)
        if self._sound.is_file() and self._sound.read_text(encoding="utf-8") == key:
            return
        errors = self._errors(virtualenv, code)
        if errors:
            self._judge(errors)
        elif errors is not None:
            self._sound.parent.mkdir(parents=True, exist_ok=True)
            self._sound.write_text(key, encoding="utf-8")

    @property
    def _sound(self) -> Path:
        """The file with the key of the code that had no error at last."""
        return self.cache / "imports" / self.env.name

    def _virtualenv(self, *, build: bool) -> Path | None:
        """Return what stands for the image; None, and say so, where it is not here."""
        places = (self.env, self.project, self.cache / "environments")
        found = find_airflow(*places)
        if found or not build:
            if not found:
                self._tell_syntax_alone("`windsock rehearse` would put the packages of the image on this machine.")
            return found
        self.progress.note(f"Installing Airflow {self.env.airflow.version} with the packages of the image here, once.")
        try:
            return build_airflow(*places)
        except RehearsalFailure as failure:
            self._tell_syntax_alone(f"{failure.what} {failure.why}")
            return None

    def _tell_syntax_alone(self, why: str) -> None:
        self.progress.note(f"Only the syntax of the DAG files was looked at. {why}")

    def _key(self, virtualenv: Path, code: Code) -> str:
        ingredients = (virtualenv.name, code.version, layer_version(), *map("=".join, self._variables.items()))
        return hashlib.sha256("\0".join(ingredients).encode()).hexdigest()

    @property
    def _variables(self) -> Mapping[str, str]:
        """The variables that image and YAML set in plain sight."""
        return {**ImageContext.of(self.env, self.project).env_vars(), **self.env.airflow.env_vars}

    def _errors(self, virtualenv: Path, code: Code) -> Mapping[str, str] | None:
        """Return tracebacks by files; None, and say so, where Airflow did not come to the end."""
        with tempfile.TemporaryDirectory(prefix="windsock-imports-") as folder:
            place = Path(folder).resolve()
            home = _write_home(place / "home", code)
            try:
                ran = subprocess.run(
                    [virtualenv / "bin" / "python", "-m", f"{RUNTIME_PACKAGE}.parse_dags"],
                    check=False,
                    capture_output=True,
                    encoding="utf-8",
                    errors="replace",
                    stdin=subprocess.DEVNULL,
                    env={**self._variables, **_surroundings(virtualenv, place, home, self.env.aws.region)},
                    cwd=home,
                    timeout=LIMIT_SECONDS,
                )
            except subprocess.TimeoutExpired:
                self._tell_syntax_alone(f"Airflow has not parsed them in {LIMIT_SECONDS:.0f} s on this machine.")
                return None
            said = tuple(_entries(ran.stdout.replace(str(home), AIRFLOW_HOME)))
        if not any("end" in entry for entry in said):
            last = (ran.stderr.strip().splitlines() or [f"It ended with {ran.returncode}."])[-1]
            self._tell_syntax_alone(f"Airflow does not parse them on this machine: {last}")
            return None
        return {entry["file"]: entry["error"] for entry in said if "error" in entry}

    def _judge(self, errors: Mapping[str, str]) -> None:
        """Refuse what is wrong everywhere, and tell the rest. Raises `CodeRefusal`."""
        context = ImageContext.of(self.env, self.project)
        more = bool(context.beyond_requirements())  # of which only a build of the image could tell
        certain = {} if more else {file: error for file, error in errors.items() if _EVERYWHERE.search(error)}
        told = errors if self.tolerant else {file: error for file, error in errors.items() if file not in certain}
        for file, error in told.items():
            self.progress.note(f"Failed on this machine: {': '.join(explain_import_error(file, error))}")
        if certain and not self.tolerant:
            release = self.env.airflow.version
            raise CodeRefusal(
                f"Airflow {release} cannot import {len(certain)} of the DAG files; nothing was changed.",
                why="\n".join(import_errors(DagFiles({}, certain), str(context.folder / REQUIREMENTS))),
                next_step=f"Repair them. {IN_SPITE} deploys them as they are, such as where the base image has a "
                "package that no file names.",
            )


def _write_home(home: Path, code: Code) -> Path:
    """Write the code as a container has it."""
    for file in code.files:
        place = home / file.key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
    if (home / "config" / INCLUDE).is_dir():
        (home / INCLUDE).symlink_to(home / "config" / INCLUDE)
    return home


def _surroundings(virtualenv: Path, place: Path, home: Path, region: str) -> Mapping[str, str]:
    """Return the variables of a container with this home, and nothing by which AWS could be reached."""
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": "100",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(place / "logs"),
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": region,
        "HOME": str(place),
        "LANG": "C.UTF-8",
        "PATH": f"{virtualenv / 'bin'}:/usr/bin:/bin",
        "PYTHONPATH": f"{write_runtime(place / 'windsock').parent}:{home}",
    }


def _entries(text: str) -> Iterator[Mapping[str, str]]:
    """Yield what the program says between what the files print."""
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("kind") == PARSE.kind:
            yield entry
