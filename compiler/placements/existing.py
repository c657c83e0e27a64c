"""The placement `existing`: everything stands in a VPC and in subnets that somebody else made."""

from collections.abc import Iterable, Mapping

from compiler.model.kind import OfSection
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.sections.network import Existing


class ExistingPlacement(OfSection[Existing]):
    """The ids of the YAML; the network stack adds nothing but security groups."""

    groups = ()
    way_out = "the routes of its subnets"

    def way_to(self, _endpoint: str, /) -> str:
        """Return how tasks reach an AWS service: a deploy looks at routes and endpoints."""
        return self.way_out

    @property
    def vpc(self) -> str:
        """The VPC of the YAML."""
        return self.section.vpc

    @property
    def task_subnets(self) -> tuple[str, ...]:
        """The subnets of tasks."""
        return self.section.given.task_subnets

    @property
    def file_system_subnets(self) -> tuple[str, ...]:
        """The subnets of tasks: EFS takes one address in each zone."""
        return self.section.given.task_subnets

    @property
    def load_balancer_subnets(self) -> tuple[str, ...]:
        """The subnets of the load balancer."""
        return self.section.given.load_balancer_subnets

    @property
    def database_subnets(self) -> tuple[str, ...]:
        """The subnets of a database that is no task."""
        return self.section.given.database_subnets

    @property
    def imports(self) -> Mapping[StackValue, str]:
        """The values that another stack has: none."""
        return {}

    def build(self, _stack: StackBuilder, *, isolated: bool) -> str:  # noqa: ARG002  its subnets are in the YAML
        """Return the VPC: everything is there."""
        return self.section.vpc

    def build_egress(self, _stack: StackBuilder, _services: Iterable[str], /) -> None:
        """Add nothing: the routes are there."""
        return
