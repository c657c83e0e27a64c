"""How the processes of a release are named in templates, and the ports on which things listen."""

from compiler.model.errors import CompileError
from spec.environment import Environment
from spec.releases.processes import Process
from spec.sections.database import Container

WEB = "webserver"
TRIGGERER = "triggerer"
SCHEDULER = "scheduler"
WORKER = "worker"
DATABASE = "database"

FILE_SYSTEM_PORT = 2049
TASK_LOGS_PORT = 8793
"""Where whoever runs tasks serves the log of a task that is still running; Airflow's `worker_log_server_port`."""


def title(name: str) -> str:
    """Return the name as logical ids have it: `DagProcessor` for `dag_processor`."""
    return "".join(part.capitalize() for part in name.split("_"))


def kebab(name: str) -> str:
    """Return the name as log streams have it: `dag-processor` for `dag_processor`."""
    return name.replace("_", "-")


def words(name: str) -> str:
    """Return the name as sentences have it: `DAG processor` for `dag_processor`."""
    return name.replace("_", " ").replace("dag ", "DAG ")


def log_names(env: Environment) -> tuple[str, ...]:
    """Return the names of everything whose container writes to a log group of its own."""
    workers = (WORKER,) if env.on_ecs else ()
    database = (DATABASE,) if isinstance(env.database, Container) else ()
    return (*(process.name for process in env.processes), *workers, *database, "command", "sync")


def web(env: Environment) -> Process:
    """Return the process that serves the web interface."""
    return next(process for process in env.processes if process.name == WEB)


def port(process: Process) -> int:
    """Return the port on which a process listens."""
    if process.port is None:
        raise CompileError(
            f"{process.name} listens on no port, but others connect to it",
            next_step="Give it a port in spec/releases/table.py.",
        )
    return process.port


def logs_port(process: Process) -> int | None:
    """Return the port on which a process serves logs of what is still running, if it runs anything of that kind."""
    if process.runs_tasks:
        return TASK_LOGS_PORT
    return None if process.name == WEB else process.port


def runs_user_code(process: Process) -> bool:
    """Whether a process works with the systems that DAGs work with, on ports nobody but their author knows."""
    return process.runs_tasks or process.name == TRIGGERER
