"""The executors, by `airflow.executor`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from compiler.executors.ecs import EcsExecutor
from compiler.executors.kind import ExecutorKind
from compiler.executors.local import LocalExecutor
from spec.environment import Environment

EXECUTORS: Mapping[str, Callable[[Environment], ExecutorKind]] = MappingProxyType(
    {"local": LocalExecutor, "ecs": EcsExecutor}
)


def executor_of(env: Environment) -> ExecutorKind:
    """Return the executor of an environment."""
    return EXECUTORS[env.airflow.executor](env)
