"""What the compiler asks of every executor."""

from collections.abc import Mapping
from typing import Any, Protocol

from troposphere import GetAtt
from troposphere.ecs import Cluster

from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.releases.processes import Process


class ExecutorKind(Protocol):
    """One executor: the resources that it needs besides the processes of Airflow."""

    @property
    def workers(self) -> tuple[str, ...]:
        """Names of the tasks that it starts by itself, which have security group and log group."""
        ...

    @property
    def capacity_providers(self) -> frozenset[str]:
        """The capacity providers on which it starts tasks."""
        ...

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the variables of every process that tell Airflow how to start tasks."""
        ...

    def role_of(self, process: Process) -> StackValue | None:
        """Return the role that a process needs for its sake; None where the usual one will do."""
        ...

    def ends_tasks(self, process: Process) -> bool:
        """Whether Airflow tasks that run elsewhere end when this process does."""
        ...

    def build(self, stack: StackBuilder, cluster: Cluster, execution_role: GetAtt) -> None:
        """Add the roles and task definitions of its tasks to the stack of the cluster."""
        ...
