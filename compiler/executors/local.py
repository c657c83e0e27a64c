"""The executor `local`: tasks run in the scheduler's container, so it needs nothing of AWS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.releases.processes import Process


@dataclass(frozen=True)
class LocalExecutor:
    """Airflow's LocalExecutor."""

    env: Environment

    workers = ()

    def variables(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return no variables."""
        return {}

    def role_of(self, _process: Process) -> None:
        """Return no role."""
        return

    def permissions(self) -> Iterator[Permission]:
        """Yield nothing: what Airflow may do is enough for its tasks."""
        return iter(())

    def ends_tasks(self, _process: Process) -> bool:
        """Say that no task runs elsewhere."""
        return False

    def build(self, _stack: StackBuilder) -> None:
        """Add nothing."""
