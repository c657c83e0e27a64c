"""How many connections Airflow opens to its database at most, process by process, against what the database takes."""

from collections.abc import Iterator
from typing import NamedTuple

from compiler.contract import COMMAND, SCHEDULER, WEB
from compiler.environment_parts import replacement
from compiler.model.stack_values import noun
from spec.environment import Environment
from spec.releases.option_list import option_list
from spec.releases.processes import Process

PER_TASK = 2
"""Connections of a running Airflow task before 3.0: its own, and that of the process that watches it."""

CHECK = 1
"""The connection of a health check that asks for the heartbeat of its process."""


class Demand(NamedTuple):
    """The connections of one kind of tasks: how many run at most, and how many each opens at most."""

    name: str
    tasks: int
    each: int

    @property
    def all(self) -> int:
        """How many they are together."""
        return self.tasks * self.each


def demands(env: Environment) -> Iterator[Demand]:
    """Yield what each process may open while a deploy replaces its tasks, with Airflow tasks and one-off commands."""
    for process in env.processes:
        tasks = replacement(env, process).peak(env.count(process))
        yield Demand(noun(process.name), tasks, _of_process(env, process))
        if process.name == SCHEDULER and not env.airflow.release.execution_api:
            yield Demand("Airflow tasks", tasks * _option(env, "core", "parallelism"), PER_TASK)
    yield Demand(noun(COMMAND), 1, _pool(env))


def shortage(env: Environment) -> str:
    """Return what Airflow may open and what the database takes, in a sentence; nothing where that is enough."""
    found = tuple(demands(env))
    wanted, there = sum(one.all for one in found), env.database.connections
    if wanted <= there:
        return ""
    parts = ", ".join(f"{one.name} {one.tasks} x {one.each}" for one in found)
    return f"Airflow may open {wanted} connections ({parts}), and this database takes {there}"


def remedy(env: Environment) -> str:
    """Return what would be right."""
    line = env.database.roomier(sum(one.all for one in demands(env)))
    fewer = "lower a count, core.parallelism or database.sql_alchemy_max_overflow"
    return f"write {line}, or {fewer}" if line else fewer


def _of_process(env: Environment, process: Process) -> int:
    release = env.airflow.release
    pool = _pool(env)
    if process.name == WEB:
        each = pool + _option(env, "database", "sql_alchemy_max_overflow") + pool if release.web.at_once else 1
        return each * _option(env, *release.web.workers)
    if process.name == SCHEDULER:
        parses = 0 if release.execution_api else 1 + _option(env, "scheduler", "parsing_processes")
        return pool + parses
    return pool + CHECK


def _pool(env: Environment) -> int:
    return _option(env, "database", "sql_alchemy_pool_size")


def _option(env: Environment, section: str, key: str) -> int:
    """Return a number that Airflow reads, or 1 where the YAML has none."""
    value = option_list(env.airflow.version).value(env.airflow.config, section, key)
    return int(value) if value.isdigit() else 1
