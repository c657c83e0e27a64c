"""Reads the values that a rehearsal uses for secrets: `.env` and Astro's `airflow_settings.yaml`, beside the YAML."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from spec.errors import Refusal
from spec.sections.env_vars import CONNECTION, VARIABLE

DOTENV, SETTINGS = ".env", "airflow_settings.yaml"

_ASSIGNMENT = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")
_NAME = re.compile(r"(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*")
_QUOTES = frozenset({"'", '"'})
_COMMENT = re.compile(r"\s+#.*")
_FIELDS: Mapping[str, str] = {
    "conn_type": "conn_type",
    "conn_host": "host",
    "conn_schema": "schema",
    "conn_login": "login",
    "conn_password": "password",
    "conn_port": "port",
    "conn_extra": "extra",
}
"""Fields of a connection in Airflow's JSON, by their keys in airflow_settings.yaml. Sources:
https://www.astronomer.io/docs/astro/cli/local-connections and "Managing Connections", Airflow's documentation."""


@dataclass(frozen=True)
class Seed:
    """Values by the variables of .env, and connections and variables of Airflow by their names; shown nowhere."""

    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def by_variable(self) -> Mapping[str, str]:
        """Every value, by the variable in which Airflow or a DAG finds it; .env wins."""
        connections = {f"{CONNECTION}{name.upper()}": value for name, value in self.connections.items()}
        variables = {f"{VARIABLE}{name.upper()}": value for name, value in self.variables.items()}
        return {**connections, **variables, **self.env}

    def below(self, prefix: str) -> Mapping[str, str]:
        """Return all connections (`AIRFLOW_CONN_`) or variables (`AIRFLOW_VAR_`), by their names in Airflow."""
        given = self.connections if prefix == CONNECTION else self.variables
        ours = {name.removeprefix(prefix): value for name, value in self.env.items() if name.startswith(prefix)}
        known = {name.upper() for name in given}
        return {
            **{name: ours.get(name.upper(), value) for name, value in given.items()},
            **{name.lower(): value for name, value in ours.items() if name not in known},
        }


def read_seed(folder: Path) -> Seed:
    """Return what the files in a folder say; nothing where there are none. Raises `Refusal`."""
    airflow = _settings(folder / SETTINGS)
    return Seed(
        env=dict(_assignments(folder / DOTENV)),
        connections={name: _connection(each) for name, each in _named(airflow, "connections", "conn_id")},
        variables={
            name: _text(each.get("variable_value")) for name, each in _named(airflow, "variables", "variable_name")
        },
    )


def _assignments(file: Path) -> Iterator[tuple[str, str]]:
    """Yield name and value of each line; a quoted value may go on over lines, and a name alone has no value."""
    lines = enumerate(_lines(file), start=1)
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith("#") or _NAME.fullmatch(text):
            continue
        match = _ASSIGNMENT.fullmatch(text)
        if match is None:
            raise Refusal(f"{file}:{number} is no NAME=value.", next_step="Correct the line, or begin it with #.")
        value = match["value"]
        while value[:1] in _QUOTES and value.rfind(value[0]) == 0:
            _, more = next(lines, (0, value[0]))
            value = f"{value}\n{more}"
        yield match["name"], _unquoted(value)


def _unquoted(value: str) -> str:
    quote = value[:1]
    if quote not in _QUOTES:
        return _COMMENT.sub("", value).strip()
    inner = value[1 : value.rfind(quote)]
    return inner if quote == "'" else inner.replace(r"\"", '"').replace(r"\n", "\n").replace(r"\\", "\\")


def _settings(file: Path) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load("\n".join(_lines(file)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""  # its words may quote a password
        raise Refusal(f"{file}{line} is not YAML.", next_step="Correct it and rehearse again.") from None
    airflow = document.get("airflow") if isinstance(document, dict) else None
    return airflow if isinstance(airflow, dict) else {}


def _named(airflow: Mapping[str, Any], kind: str, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the entries that have a name; the Astro CLI writes one empty entry of each kind."""
    for each in airflow.get(kind) or ():
        if isinstance(each, dict) and each.get(key):
            yield str(each[key]), each


def _connection(entry: Mapping[str, Any]) -> str:
    if entry.get("conn_uri"):
        return str(entry["conn_uri"])
    given = {ours: entry[theirs] for theirs, ours in _FIELDS.items() if entry.get(theirs) not in (None, "")}
    if isinstance(extra := given.get("extra"), str):
        given["extra"] = json.loads(extra) if _is_json(extra) else extra
    return json.dumps(given)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        return []
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError):
        raise Refusal(f"{file} cannot be read as UTF-8.", next_step="Save it again and rehearse again.") from None
