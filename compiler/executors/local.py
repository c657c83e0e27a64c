"""The executor `local`: tasks run in the scheduler's container, so it needs nothing of AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troposphere import GetAtt
from troposphere.ecs import Cluster

from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.releases.processes import Process


@dataclass(frozen=True)
class LocalExecutor:
    """Airflow's LocalExecutor."""

    env: Environment

    workers = ()
    capacity_providers = frozenset[str]()

    def variables(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return no variables."""
        return {}

    def role_of(self, _process: Process) -> None:
        """Return no role."""
        return

    def ends_tasks(self, _process: Process) -> bool:
        """Say that no task runs elsewhere."""
        return False

    def build(self, _stack: StackBuilder, _cluster: Cluster, _execution_role: GetAtt) -> None:
        """Add nothing."""
