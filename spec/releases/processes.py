"""The long-running processes of Airflow: their commands and their health checks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

DRIVER = "{driver}"
"""Placeholder in a health check for the Python module that talks to the database."""

BASE_PATH = "{base_path}"
"""Placeholder in a health check for the path below which the site lies."""


class Process(NamedTuple):
    """One long-running Airflow process; each becomes an ECS service.

    `command` is what the container runs, and `health` a shell command that exits 0 when the process is healthy; it may
    contain `DRIVER` and `BASE_PATH`. Others connect to `port`. Failing health does not count for the first
    `start_period` seconds (0 to 300). `environment` holds variables that only its container needs. `loads_dags` says
    that it, or what it forks, imports modules of `dags/` as long as it runs.
    """

    name: str
    command: str
    health: str
    start_period: int
    port: int | None = None
    runs_tasks: bool = False
    writes_logs: bool = True
    optional: bool = False
    loads_dags: bool = False
    environment: Mapping[str, str] = MappingProxyType({})


WEB_PORT = 8080
"""Port at which every release serves its web interface, unless told otherwise."""


def _fetch(url: str) -> str:
    return f"python -c \"import urllib.request as u; u.urlopen('{url}', timeout=5)\""


def web_server(command: str, health_path: str, environment: Mapping[str, str] = MappingProxyType({})) -> Process:
    """Return the process that serves the web interface."""
    return Process(
        name="webserver",
        command=command,
        health=_fetch(f"http://localhost:{WEB_PORT}{BASE_PATH}{health_path}"),
        start_period=180,
        port=WEB_PORT,
        writes_logs=False,
        environment=environment,
    )


GUNICORN = web_server(
    "airflow webserver",
    "/health",
    # Gunicorn's own lines bypass the logging configuration of Airflow; runtime/ has this logger.
    {"GUNICORN_CMD_ARGS": "--logger-class=windsock_runtime.gunicorn_logger.JsonLogger"},
)


SCHEDULER = Process(
    name="scheduler",
    command="airflow scheduler",
    health=_fetch("http://localhost:8974/health"),
    start_period=120,
    runs_tasks=True,
    loads_dags=True,
)


_ASK_HEARTBEAT = (
    "import datetime, os, socket, sys, {driver} as driver; "
    "host = socket.getaddrinfo(socket.gethostname(), None, flags=socket.AI_CANONNAME)[0][3]; "
    'database, place, port, user, password = (os.environ["DB_" + k] for k in "NAME HOST PORT USER PASSWORD".split()); '
    "to = dict(database=database, host=place, port=int(port), user=user, password=password); "
    "at = driver.connect(connect_timeout=5, **to).cursor(); "
    "late = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=60); "
    'alive = "job_type = %s and state = %s and hostname = %s and latest_heartbeat > %s"; '
    'at.execute("select 1 from job where " + alive, (sys.argv[1], "running", host, late)); '
    "sys.exit(not at.fetchone())"
)


def _heartbeat(job: str) -> str:
    """Return a command that asks the database as `airflow jobs check --local` does, in a tenth of a CPU second.

    It imports no Airflow. The clock of the machine that asks also wrote the heartbeat.
    """
    return f"python -c '{_ASK_HEARTBEAT}' {job}"


TRIGGERER = Process(
    name="triggerer",
    command="airflow triggerer",
    health=_heartbeat("TriggererJob"),
    start_period=180,
    loads_dags=True,
    port=8794,
)
DAG_PROCESSOR = Process(
    name="dag_processor",
    command="airflow dag-processor",
    health=_heartbeat("DagProcessorJob"),
    start_period=180,
    loads_dags=True,
)
OPTIONAL_TRIGGERER = TRIGGERER._replace(optional=True)
