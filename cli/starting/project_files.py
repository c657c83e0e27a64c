"""Reads the files that several kinds of projects share: requirements, Debian packages, variables, connections."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from cli.starting.understood import LeftOut
from spec.errors import Refusal

_IN_BACKEND = (
    "airflow.secrets_backend looks for it in Secrets Manager, and a rehearsal reads it from this file beside the YAML"
)

CONSTRAINTS_OF = re.compile(r"constraints-([0-9]+\.[0-9]+\.[0-9]+)/constraints")
"""An address of Airflow's own constraints, with the release that they are for."""

_OPTION = re.compile(r"AIRFLOW__([A-Z0-9_]+?)__([A-Z0-9_]+)")
_CONNECTION, _VARIABLE = "AIRFLOW_CONN_", "AIRFLOW_VAR_"
_AIRFLOW = re.compile(r"apache-airflow(\[.*\])?\s*([=<>~!;@].*)?")
_ASSIGNMENT = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")
_SIGNED = re.compile(r"://[^/\s]*@")
_SEED = "airflow_settings.yaml"
_SETTINGS = ("connections", "pools", "variables")


def lines_of(file: Path) -> list[str]:
    """Return the lines of a text without comments and empty ones; none when there is no such file."""
    if not file.is_file():
        return []
    stripped = (re.sub(r"(^|\s)#.*", "", line).strip() for line in _text(file).splitlines())
    return [line for line in stripped if line]


def requirements_of(file: Path) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """Return the packages that a requirements.txt names, and what stays behind."""
    kept: list[str] = []
    left: list[LeftOut] = []
    for line in lines_of(file):
        if _AIRFLOW.fullmatch(line):
            left.append(LeftOut(f"{file.name}: {line}", "the image has Airflow itself, in the version of the YAML"))
        elif CONSTRAINTS_OF.search(line):
            left.append(LeftOut(f"{file.name}: {line}", "docker/constraints has the pins of the release"))
        elif line.startswith(("-r", "-c", "-e", ".", "/", "--requirement", "--constraint", "--find-links")):
            left.append(LeftOut(f"{file.name}: {line}", "it names a file; copy that to docker/ and add the line there"))
        elif line.startswith("-"):
            option = line.split()[0].partition("=")[0]
            left.append(
                LeftOut(
                    f"{file.name}: {option}",
                    "add it to docker/requirements.txt, a password in it as ${NAME} with NAME in image.secrets",
                )
            )
        elif _SIGNED.search(line):
            name = re.split(r"[\s@:]", line)[0]
            left.append(
                LeftOut(
                    f"{file.name}: {name}",
                    "add it to docker/requirements.txt, the token in it as ${NAME} with NAME in image.secrets",
                )
            )
        else:
            kept.append(line)
    return tuple(kept), tuple(left)


def variables_of(file: Path) -> dict[str, str]:
    """Return the assignments of a shell file such as .env."""
    found = (_ASSIGNMENT.fullmatch(line) for line in lines_of(file))
    return {match[1]: match[2].strip().strip("'\"") for match in found if match}


def split_variables(variables: Mapping[str, str], file: str) -> tuple[dict[tuple[str, str], str], tuple[LeftOut, ...]]:
    """Return the options of airflow.cfg among some variables, and the others by their names alone."""
    options: dict[tuple[str, str], str] = {}
    left: list[LeftOut] = []
    for name, value in variables.items():
        if match := _OPTION.fullmatch(name):
            options[match[1].lower(), match[2].lower()] = value
        else:
            left.append(LeftOut(f"{file}: {name}", _reason(name)))
    return options, tuple(left)


def settings_of(file: Path) -> Iterator[LeftOut]:
    """Name the connections, pools and variables of an airflow_settings.yaml; their values are not read any further."""
    document = mapping_of(file) if file.is_file() else {}
    airflow = document.get("airflow")
    for kind in _SETTINGS:
        for each in (airflow or {}).get(kind) or () if isinstance(airflow, dict) else ():
            name = next((value for key, value in each.items() if key.endswith(("_id", "_name"))), None)
            if name:
                reason = "create it in Airflow's web interface" if kind == "pools" else _IN_BACKEND
                yield LeftOut(f"{file.name}: {kind.removesuffix('s')} {name}", reason)


def needs_secrets_backend(folder: Path) -> bool:
    """Whether files that a rehearsal reads too bring connections or variables of Airflow."""
    airflow = mapping_of(folder / _SEED).get("airflow") if (folder / _SEED).is_file() else None
    entries = [each for kind in ("connections", "variables") for each in (airflow or {}).get(kind) or ()]
    named = any(value for each in entries for key, value in each.items() if key.endswith(("_id", "_name")))
    return named or any(name.startswith((_CONNECTION, _VARIABLE)) for name in variables_of(folder / ".env"))


def mapping_of(file: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; raises `Refusal`."""
    try:
        found = yaml.safe_load(_text(file))
    except yaml.YAMLError as error:
        raise Refusal(f"{file} is not YAML.", why=str(error), next_step="Correct it, and run init again.") from None
    return found if isinstance(found, dict) else {}


def found_beside(home: Path, known: Iterable[str]) -> Iterator[LeftOut]:
    """Name what else lies in a home, which never reaches the cluster."""
    for path in sorted(home.iterdir()):
        if path.name not in {*known} and not path.name.startswith((".", "__")):
            yield LeftOut(
                path.name, "only dags/, plugins/, config/, include/ and webserver_config.py reach the cluster"
            )


def _reason(name: str) -> str:
    if name.startswith((_CONNECTION, _VARIABLE)):
        return _IN_BACKEND
    return "name it in airflow.env_vars with its value, or in airflow.secrets if that is a secret"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise Refusal(f"{file} cannot be read: {error}.", next_step="Save it as UTF-8, and run init again.") from None
