"""The delivery `release`: containers fetch immutable releases from the bucket, and mount nothing."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from troposphere import GetAtt

from compiler.contract import CODE_BUCKET_VARIABLE
from compiler.deliveries.reports import report_permissions
from compiler.model import stack_values as values
from compiler.model.kind import OfEnvironment
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.permissions import read_releases

NO_ACCESS_POINTS: Mapping[str, StackValue] = MappingProxyType({})


class ReleaseDelivery(OfEnvironment):
    """Releases in the code bucket."""

    tasks = ()
    access_points = NO_ACCESS_POINTS
    mounts = NO_ACCESS_POINTS

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the name of the bucket."""
        return {CODE_BUCKET_VARIABLE: stack.parameter(values.CODE_BUCKET)}

    def write_permissions(self, source: str) -> Iterator[Permission]:
        """Yield the right to read releases, and for the DAG processor to say what it made of them.

        Task logs go where `logs.remote` says.
        """
        yield read_releases(source)
        yield from report_permissions(self.env, source)

    def read_permissions(self, source: str) -> Iterator[Permission]:
        """Yield the right to read releases."""
        yield read_releases(source)

    def task_permissions(self) -> Iterator[Permission]:
        """Yield nothing: there are no such tasks."""
        return iter(())

    def build(self, _stack: StackBuilder, _execution_role: GetAtt) -> None:
        """Add nothing."""
