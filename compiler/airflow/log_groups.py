"""Whose log lines go to a log group."""

from compiler.contract import COMMAND, SYNC
from compiler.databases.roster import database_of
from compiler.executors.roster import executor_of
from spec.environment import Environment


def log_names(env: Environment) -> tuple[str, ...]:
    """Return the names of everything whose container writes to a log group of its own."""
    processes = (process.name for process in env.processes)
    return (*processes, *executor_of(env).workers, *database_of(env).services, COMMAND, SYNC)
