"""Writes the reference page of the Airflow releases from the release table."""

import json
from collections.abc import Iterable, Iterator, Mapping

from spec.releases.airflow_options import Config
from spec.releases.processes import Process
from spec.releases.table import NEWEST, RELEASES, Release

_INTRODUCTION = f"""# Airflow releases

Each environment names one of these in `airflow.version`; `windsock versions` lists them. Windsock writes this page
from its release table. [windsock versions](verbs/versions.md) adds other releases and Pythons to a project. A Python
in brackets has pins, and no rehearsal has run it. A new environment starts with {NEWEST.version}.
"""

_LOGINS: Mapping[str, str] = {
    "session": "the login form at `/login/`; API calls carry its session cookie",
    "token": "POST name and password to `/auth/token`; API calls carry the token as `Authorization: Bearer`",
}

_SECRETS: Mapping[str, str] = {
    "webserver": "the secret that signs sessions",
    "jwt": "the secret that signs the tokens of API calls and tasks",
}

_ANOTHER = """## Another release, or another Python

`windsock versions add 3.4.0b2` adds a release to the project in this folder. It resolves what a new project installs as
of the day of the release, and rehearses it with both executors. It keeps what ran: `releases/airflow-3.4.0b2.json`, the
list of the release's options beside it, and the pins in `docker/constraints/`. Commit them: an environment YAML in this
folder may name the release from then on. What a release has in common with those before it, such as its processes and
its health checks, comes from Windsock. `windsock versions add 2.11.2 --python 3.10` adds a Python to a release.
"""

_FOR_AUTHORS = """## What differs for authors of DAGs

The DAGs and the plugin in [airflow_home](../airflow_home/README.md) run unchanged on every release of this page: where
Airflow 3 moved a name, they try the new place and fall back to the old one. Airflow 3 has
the DAG class and the decorators in `airflow.sdk` and the Bash and Python operators in the standard provider. A task of
Airflow 3 talks to the API server, never to the metadata database. Code that opens a database session in a task must
use the REST API instead. The DAG processor, a process of its own, parses DAG files. What a DAG file does at import
happens there and no longer in the scheduler. The pages of a plugin have another path, which the section
*The web server* of each release names. [This page](code.md#log-lines) shows a log line of each release.
"""


def releases_reference() -> str:
    """Return the text of `docs/releases.md`."""
    return "\n".join(
        [_INTRODUCTION, *_overview(), _ANOTHER, *(line for each in _all() for line in _release(each)), _FOR_AUTHORS]
    )


def _all() -> Iterable[Release]:
    return reversed(tuple(RELEASES.values()))


def _overview() -> Iterator[str]:
    rows = (
        (
            f"[{release.version}](#airflow-{release.version.replace('.', '')})",
            ", ".join(_python(release, python) for python in release.pythons),
            _ended(release),
        )
        for release in _all()
    )
    yield _table(("Airflow", "Python", "end of life"), rows)


def _python(release: Release, python: str) -> str:
    return python if python in release.rehearsed else f"({python})"


def _ended(release: Release) -> str:
    return release.end_of_life or "not yet"


def _release(release: Release) -> Iterator[str]:
    yield f"## Airflow {release.version}\n\n{_support(release)}\n"
    yield "### The image\n"
    yield _table(("Python", "base image", "lock file"), (_image(release, python) for python in release.pythons))
    yield "### Processes\n"
    yield _table(("process", "command", "port", "runs"), map(_process, release.processes.values()))
    yield "### The database\n"
    yield f"`{release.initialise_database}` initialises it, `{release.migrate_database}` migrates it.\n"
    yield "### The web server\n"
    yield _table(("what", "where"), _web(release))
    yield "### Configuration that Windsock sets\n"
    yield _table(("section", "key", "value"), _options(release))
    yield from _variables(release)
    yield from _ecs(release)


def _support(release: Release) -> str:
    if release.supported:
        return "The Airflow project publishes fixes for it."
    return (
        f"Its end of life was {release.end_of_life}: since then the Airflow project publishes no fixes for it, "
        f"not even for security holes.\nWindsock still runs it, and says so each time it compiles such an environment. "
        f"Plan the move to {NEWEST.version}."
    )


def _image(release: Release, python: str) -> tuple[str, str, str]:
    return _python(release, python), _code(release.base_image(python)), _lock(release, python)


def _lock(release: Release, python: str) -> str:
    name = release.lock(python)
    return f"[{name}](../docker/constraints/{name})"


def _process(process: Process) -> tuple[str, ...]:
    when = f"when `services.{process.name}` is given" if process.optional else "always"
    return _code(process.name), _code(process.command), str(process.port or ""), when


def _web(release: Release) -> Iterator[tuple[str, str]]:
    yield "health, without a login", _code(release.web.health_path)
    yield "REST API", _code(release.web.api_path)
    if release.execution_api:
        yield "API for tasks, inside the network", _code("/execution/")
    yield "how a program logs in", _LOGINS[release.web.login]
    yield "pages of plugins", _code(f"{release.web.plugin_prefix}/")


def _options(release: Release) -> Iterator[tuple[str, str, str]]:
    return _settings(release.config)


def _settings(config: Config) -> Iterator[tuple[str, str, str]]:
    for section, keys in config.items():
        for key, value in keys.items():
            yield section, _code(key), _code(value if isinstance(value, str) else json.dumps(value))


def _variables(release: Release) -> Iterator[str]:
    secrets = (f"- `{variable}` holds {_SECRETS[secret]}\n" for variable, secret in release.secret_keys.items())
    own = (
        f"- `{variable}` is `{value}` in the process `{process.name}` only\n"
        for process in release.processes.values()
        for variable, value in process.environment.items()
    )
    yield "".join(("Windsock also sets these variables of the containers:\n\n", *secrets, *own))
    yield "The modules of this configuration that begin with `windsock_runtime` are in every image.\n"


def _ecs(release: Release) -> Iterator[str]:
    if release.ecs is None:
        return
    yield "### Tasks as ECS tasks\n"
    yield f"With `executor: ecs`, `[core] executor` is `{release.ecs.executor}`.\n"
    yield _table(("section", "key", "value"), _settings(release.ecs.config))
    kept = (
        "A new scheduler takes over the workers that an older one started."
        if release.ecs.adopts
        else "A new scheduler does not take over workers that an older one started; Airflow starts their tasks again."
    )
    secrets = (
        "Workers talk to the API server and have no secret."
        if release.execution_api
        else "Workers talk to the metadata database and have its secrets."
    )
    yield f"{kept} {secrets}\n"


def _code(text: str) -> str:
    return f"`{text}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
