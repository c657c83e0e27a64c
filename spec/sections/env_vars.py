"""The names of environment variables that a YAML may set, and the values that may not stand in it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from spec.releases.owned_options import owned_option
from spec.section import Violation

EnvVarName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""The name of a variable, or of a connection or variable of Airflow, which is part of one."""

CONNECTION, VARIABLE = "AIRFLOW_CONN_", "AIRFLOW_VAR_"
"""With these begin the variables in which Airflow finds a connection or a variable."""

_OWNED = frozenset(
    {
        "ADMIN_PASSWORD",
        "AIRFLOW_HOME",
        "DUMB_INIT_SETSID",
        "FERNET_SEED",
        "FORWARDED_ALLOW_IPS",
        "GUNICORN_CMD_ARGS",
        "HOME",
        "HOSTNAME",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
    }
)
_OWNED_PREFIXES = ("DB_", "ECS_", "WINDSOCK_", "AWS_CONTAINER_", "AIRFLOW_CTX_", "_AIRFLOW_")
_CREDENTIALS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
"""With these a container would not use its role: task logs and workers need it."""

_OPTION = r"AIRFLOW__(?P<section>[A-Z0-9_]+?)__(?P<key>[A-Z0-9_]+)"
_SECRETIVE = r'"(password|login_password|private_key|secret|token)"\s*:\s*"[^"]'


def option_variable(section: str, key: str) -> str:
    """Return the variable in which Airflow finds an option."""
    return f"AIRFLOW__{section}__{key}".upper()


def check_plain(variables: Mapping[str, str]) -> Iterator[Violation]:
    """Yield why variables may not stand in the YAML with their values."""
    for name, value in variables.items():
        if match := re.fullmatch(_OPTION, name):
            section, key = match["section"].lower(), match["key"].lower()
            yield Violation(f"{name} is an option of Airflow", f"set {section}.{key} in airflow.config", (name,))
        elif name.startswith(CONNECTION) and _has_password(value):
            hint = "keep the connection in a secret, and name that in airflow.connections"
            yield Violation(f"{name} has a password, which the templates would show", hint, (name,))
        else:
            yield from _of_windsock(name)


def check_secret(names: Mapping[str, object]) -> Iterator[Violation]:
    """Yield why variables may not get their values from secrets."""
    for name in names:
        match = re.fullmatch(_OPTION, name)
        owned = owned_option(match["section"].lower(), match["key"].lower()) if match else ""
        if owned:
            yield Violation(f"{name} means {owned}, which is set by Windsock", "remove it", (name,))
        else:
            yield from _of_windsock(name)


def check_once(names: Mapping[str, object], known: Mapping[str, str], prefix: str = "") -> Iterator[Violation]:
    """Yield each name that makes a variable which another key makes too; `known` maps variables to their keys."""
    seen = dict(known)
    for name in names:
        variable = f"{prefix}{name.upper()}" if prefix else name
        if variable in seen:
            yield Violation(f"the variable {variable} is set by {seen[variable]} too", "remove one of the two", (name,))
        seen[variable] = name


def _of_windsock(name: str) -> Iterator[Violation]:
    if name in _CREDENTIALS:
        hint = "remove it; airflow.policies and airflow.statements say what DAGs may do"
        yield Violation(f"{name} would take the place of the task's role", hint, (name,))
    elif name in _OWNED or name.startswith(_OWNED_PREFIXES):
        yield Violation(f"{name} is set by Windsock, Airflow or AWS", "choose another name", (name,))


def _has_password(connection: str) -> bool:
    """Whether a connection, as an address or as JSON, has a password in it."""
    if connection.lstrip().startswith("{"):
        try:
            return bool(json.loads(connection).get("password")) or bool(re.search(_SECRETIVE, connection))
        except ValueError:
            return bool(re.search(_SECRETIVE, connection))
    try:
        return bool(urlsplit(connection).password)
    except ValueError:
        return True
