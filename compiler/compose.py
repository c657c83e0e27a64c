"""Renders the Compose file: the Airflow of an environment on one machine, without AWS."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

import jinja2
import yaml

from compiler.airflow.airflow_options import airflow_options
from compiler.contract import (
    AIRFLOW_HOME,
    CODE_FOLDERS,
    DATABASE_NAME,
    INCLUDE,
    PYTHON_PATH,
    RUNTIME,
    RUNTIME_FOLDER,
    WEBSERVER_CONFIG,
    create_admin,
    kebab,
    port,
    web,
)
from spec.environment import Environment
from spec.errors import Refusal

SECRETS: Mapping[str, str] = {"webserver": "WEBSERVER_SECRET_KEY", "jwt": "JWT_SECRET"}
"""Variables of the calling shell, by the secret of the release table that they hold."""

_TEMPLATE = Path(__file__).with_name("compose.yaml.j2")
_DEMAND = "the top of this file says how to set it"
_UNBROKEN = 4096  # longer than any value: a folded value reads badly
_LINE = 96  # with its indentation, a line of a script ends before column 120


HOME_PARTS = (*CODE_FOLDERS, INCLUDE, WEBSERVER_CONFIG)
"""What of the Airflow home is mounted, where it is there."""

_OWN_WEBSERVER_CONFIG = f"{RUNTIME_FOLDER}/{WEBSERVER_CONFIG}"
"""Where the user's file lies: at its usual place Airflow finds Windsock's, which reads this one."""


def render_compose(env: Environment, parts: Collection[str] = HOME_PARTS) -> str:
    """Return the text of a Compose file; its paths are relative to `docker/`, where it is to stand.

    `parts` names those of `HOME_PARTS` that the Airflow home has.
    """
    if env.database.engine != "postgres":
        raise Refusal(
            f"A Compose file brings PostgreSQL, and {env.name} has {env.database.facts.title}.",
            next_step="Write it from a copy of the YAML with another database.",
        )
    release = env.airflow.release
    return _template().render(
        env=env,
        release=release,
        options={**env.airflow.env_vars, **dict(_options(env))},
        secrets=tuple(env.airflow.secret_sources),
        signing={variable: SECRETS[secret] for variable, secret in release.secret_keys.items()},
        initialise=f"{release.initialise_database} && {create_admin(env.auth.first_user)}",
        web=web(env),
        home=AIRFLOW_HOME,
        context=_from_docker(env.image.context),
        code=_from_docker(env.airflow.home),
        mounted={part: _place(part) for part in HOME_PARTS if part in parts},
        runtime=RUNTIME,
        webserver_config=WEBSERVER_CONFIG,
        database=DATABASE_NAME,
        demand=_demand,
    )


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # YAML, not HTML
    )
    environment.filters |= {"kebab": kebab, "mapping": _mapping, "script": _script, "value": _value}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _place(part: str) -> str:
    return _OWN_WEBSERVER_CONFIG if part == WEBSERVER_CONFIG else f"{AIRFLOW_HOME}/{part}"


def _options(env: Environment) -> Iterator[tuple[str, str]]:
    yield "PYTHONPATH", PYTHON_PATH
    yield "WINDSOCK_WEBSERVER_CONFIG", _OWN_WEBSERVER_CONFIG
    if env.airflow.release.execution_api:
        address = f"http://{web(env).name}:{port(web(env))}{env.airflow.base_path}"
        yield "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", f"{address}/execution/"
    yield from airflow_options(env).items()


def _from_docker(folder: str) -> str:
    return str(PurePosixPath("..", folder))


def _demand(variable: str) -> str:
    """Return a reference without which Compose refuses to start, and says where to look."""
    return f"${{{variable}:?{_DEMAND}}}"


def _mapping(variables: Mapping[str, str]) -> str:
    """Return lines of YAML, each value with its dollars doubled: Compose would replace what follows a single one."""
    literal = {name: _literal(value) for name, value in variables.items()}
    return yaml.safe_dump(literal, sort_keys=False, width=_UNBROKEN).rstrip()


def _value(text: str) -> str:
    """Return a value as it can stand within braces."""
    return yaml.safe_dump([_literal(text)], default_flow_style=True, width=_UNBROKEN).strip()[1:-1]


def _script(text: str) -> str:
    """Return a command as a folded block: what reads on several lines is one."""
    return yaml.safe_dump(_literal(text), default_style=">", width=_LINE).rstrip()


def _literal(text: str) -> str:
    return text.replace("$", "$$")
