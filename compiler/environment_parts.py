"""What the kinds of an environment decide about its parts: the role of a process, and who writes log lines."""

from compiler.contract import COMMAND
from compiler.databases.roster import database_of
from compiler.deliveries.roster import delivery_of
from compiler.executors.roster import executor_of
from compiler.model import stack_values as values
from compiler.model.stack_values import StackValue
from spec.environment import Environment
from spec.releases.processes import Process


def process_role(env: Environment, process: Process) -> StackValue:
    """Return the role with which a process runs."""
    usual = values.TASK_ROLE if process.writes_logs else values.READER_ROLE
    return executor_of(env).role_of(process) or usual


def log_names(env: Environment) -> tuple[str, ...]:
    """Return the names of everything whose container writes to a log group of its own."""
    processes = (process.name for process in env.processes)
    return (*processes, *executor_of(env).workers, *database_of(env).services, COMMAND, *delivery_of(env).tasks)


def needs_file_system(env: Environment) -> bool:
    """Whether something of an environment lies on a file system: its code, or the data of its database."""
    return bool(delivery_of(env).access_points) or database_of(env).needs_steady_throughput
