"""What processes listen on, and whose log lines go where."""

from compiler.contract import COMMAND, DATABASE, SYNC, TRIGGERER, WEB, WORKER
from spec.environment import Environment
from spec.releases.processes import Process
from spec.sections.database import Container

FILE_SYSTEM_PORT = 2049
TASK_LOGS_PORT = 8793
"""Where whoever runs tasks serves the log of a task that is still running; Airflow's `worker_log_server_port`."""


def log_names(env: Environment) -> tuple[str, ...]:
    """Return the names of everything whose container writes to a log group of its own."""
    workers = (WORKER,) if env.on_ecs else ()
    database = (DATABASE,) if isinstance(env.database, Container) else ()
    return (*(process.name for process in env.processes), *workers, *database, COMMAND, SYNC)


def logs_port(process: Process) -> int | None:
    """Return the port on which a process serves logs of what is still running, if it runs anything of that kind."""
    if process.runs_tasks:
        return TASK_LOGS_PORT
    return None if process.name == WEB else process.port


def runs_user_code(process: Process) -> bool:
    """Whether a process works with the systems that DAGs work with, on ports nobody but their author knows."""
    return process.runs_tasks or process.name == TRIGGERER
