"""What the kinds of an environment decide about its parts: the role of a process, and who writes log lines."""

from typing import NamedTuple

from compiler.contract import COMMAND, WEB
from compiler.databases.roster import database_of
from compiler.deliveries.roster import delivery_of
from compiler.executors.roster import executor_of
from compiler.model import stack_values as values
from compiler.model.stack_values import StackValue
from spec.environment import Environment
from spec.releases.processes import Process

ALL = 100
"""Percent of the tasks of a service."""


class Replacement(NamedTuple):
    """How ECS replaces the tasks of a service: by percent, how many run at least and at most meanwhile."""

    least: int
    most: int

    @property
    def balances_zones(self) -> bool:
        """Whether ECS may also replace tasks to have as many in each zone: it starts one before it stops another.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
        """
        return self.most > ALL

    def peak(self, count: int) -> int:
        """Return how many of `count` tasks run at most."""
        return max(count * self.most // ALL, 1)


def replacement(env: Environment, process: Process) -> Replacement:
    """Return how ECS replaces the tasks of a process, by a new image or by what is new in its definition."""
    if process.name == WEB:
        return Replacement(100, 200)
    if env.count(process) == 1:
        return Replacement(0, 100)  # one alone is all that its work needs: a second one would double it meanwhile
    if ends_tasks(env, process):
        return Replacement(50, 100)  # ECS would end Airflow tasks only to balance zones
    return Replacement(50, 150)


def ends_tasks(env: Environment, process: Process) -> bool:
    """Whether Airflow tasks end when a process does."""
    return process.runs_tasks or executor_of(env).ends_tasks(process)


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
