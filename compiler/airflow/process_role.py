"""The role with which a process of Airflow runs."""

from compiler.executors.roster import executor_of
from compiler.model import stack_values as values
from compiler.model.stack_values import StackValue
from spec.environment import Environment
from spec.releases.processes import Process


def process_role(env: Environment, process: Process) -> StackValue:
    """Return the role with which a process runs."""
    usual = values.TASK_ROLE if process.writes_logs else values.READER_ROLE
    return executor_of(env).role_of(process) or usual
