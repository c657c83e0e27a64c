"""What the compiler asks of every executor."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.releases.processes import Process


class ExecutorKind(Protocol):
    """One executor: the resources that it needs besides the processes of Airflow."""

    @property
    def workers(self) -> tuple[str, ...]:
        """Names of the tasks that it starts by itself, which have security group and log group."""
        ...

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the variables of every process that tell Airflow how to start tasks."""
        ...

    def permissions(self) -> Iterator[Permission]:
        """Yield what its tasks, and the processes with a role of their own for its sake, may do in AWS."""
        ...

    def role_of(self, process: Process) -> StackValue | None:
        """Return the role that a process needs for its sake; None where the usual one will do."""
        ...

    def ends_tasks(self, process: Process) -> bool:
        """Whether Airflow tasks that run elsewhere end when this process does."""
        ...

    def build(self, stack: StackBuilder) -> None:
        """Add the roles and task definitions of its tasks to the stack of the cluster."""
        ...
