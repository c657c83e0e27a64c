"""What the placements in a VPC of the environment's own share: load balancer, file system and database stand alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from troposphere import Ref

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.network.vpc import add_vpc
from spec.aws_facts.endpoints import STORAGE
from spec.owner import Owner
from spec.sections.networks.own_vpc import OwnVpc


class OwnVpcPlacement:
    """A load balancer in public subnets, and a database in subnets without a route to the internet."""

    vpc = values.VPC
    groups: ClassVar[tuple[str, ...]] = ()

    def __init__(self, env: Owner, section: OwnVpc) -> None:
        self.env = env
        self.section = section

    @property
    def has_internet_gateway(self) -> bool:
        """Whether the public subnets have a way to the internet."""
        return True

    @property
    def way_out(self) -> str:
        """How tasks reach the internet: each kind has a way of its own, and one has none."""
        return ""

    def way_to(self, endpoint: str, /) -> str:
        """Return how tasks reach an AWS service: S3 past the way out."""
        return "gateway endpoint" if endpoint == STORAGE else self.way_out

    @property
    def task_subnets(self) -> Sequence[StackValue]:
        """Subnets without public addresses."""
        return values.PRIVATE_SUBNETS[: self.section.zones]

    @property
    def file_system_subnets(self) -> Sequence[StackValue]:
        """Public subnets: EFS takes one address in a zone, and another mode would make the second one first."""
        return values.PUBLIC_SUBNETS[: self.section.zones]

    @property
    def load_balancer_subnets(self) -> Sequence[StackValue]:
        """Public subnets."""
        return values.PUBLIC_SUBNETS[: self.section.zones]

    @property
    def database_subnets(self) -> Sequence[StackValue]:
        """Subnets without a route to the internet."""
        return values.DATABASE_SUBNETS[: self.section.zones]

    @property
    def imports(self) -> Mapping[StackValue, str]:
        """The values that another stack has: none."""
        return {}

    def build(self, stack: StackBuilder, *, isolated: bool) -> Ref:
        """Add a VPC with public subnets and, for a database, subnets without a route to the internet."""
        return add_vpc(self.env, self.section, stack, isolated=isolated, gateway=self.has_internet_gateway)

    def build_egress(self, _stack: StackBuilder, _services: Iterable[str], /) -> None:
        """Add nothing: tasks leave the VPC from addresses of their own."""
        return
