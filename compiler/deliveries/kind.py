"""What the compiler asks of every way to deliver code."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from troposphere import GetAtt

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue


class DeliveryKind(Protocol):
    """One way: what containers mount, are told and may do to have the code."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the one-off tasks that bring the code, which have security group and log group."""
        ...

    @property
    def access_points(self) -> Mapping[str, StackValue]:
        """The directories of the file system, by name, each with its access point."""
        ...

    @property
    def mounts(self) -> Mapping[str, StackValue]:
        """The access points that every Airflow container mounts, by the folder of its home."""
        ...

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the variables of every Airflow container that tell it where the code is."""
        ...

    def write_permissions(self, source: str) -> Iterator[Permission]:
        """Yield what a container may do that reads code and writes task logs."""
        ...

    def read_permissions(self, source: str) -> Iterator[Permission]:
        """Yield what a container may do that reads code and task logs."""
        ...

    def task_permissions(self) -> Iterator[Permission]:
        """Yield what its one-off tasks may do."""
        ...

    def build(self, stack: StackBuilder, execution_role: GetAtt) -> None:
        """Add its one-off tasks to the stack of the cluster."""
        ...
