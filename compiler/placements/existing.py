"""The placement `existing`: everything stands in a VPC and in subnets that somebody else made."""

from dataclasses import dataclass

from compiler.errors import CompileError
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.sections.networks.kind import GivenNetwork


@dataclass(frozen=True)
class ExistingPlacement:
    """The ids of the YAML; the network stack adds nothing but security groups."""

    env: Environment

    @property
    def vpc(self) -> str:
        """The VPC of the YAML."""
        return self._given.vpc

    @property
    def task_subnets(self) -> tuple[str, ...]:
        """The subnets of tasks."""
        return self._given.task_subnets

    @property
    def file_system_subnets(self) -> tuple[str, ...]:
        """The subnets of tasks: EFS takes one address in each zone."""
        return self._given.task_subnets

    @property
    def load_balancer_subnets(self) -> tuple[str, ...]:
        """The subnets of the load balancer."""
        return self._given.load_balancer_subnets

    @property
    def database_subnets(self) -> tuple[str, ...]:
        """The subnets of a database that is no task."""
        return self._given.database_subnets

    def build(self, _stack: StackBuilder, *, isolated: bool) -> str:  # noqa: ARG002  its subnets are in the YAML
        """Return the VPC: everything is there."""
        return self._given.vpc

    @property
    def _given(self) -> GivenNetwork:
        given = self.env.network.given
        if given is None:
            raise CompileError(
                f"network.mode {self.env.network.mode} names no VPC",
                next_step="Choose another placement for this mode in compiler/placements/roster.py.",
            )
        return given
