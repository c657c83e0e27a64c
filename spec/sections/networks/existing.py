"""The kind `existing` of the `network` section: a VPC and subnets that somebody else made."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from spec.section import EACH_ONCE, Violation
from spec.sections.aws import Aws
from spec.sections.networks.allowed import AllowedNetworks
from spec.sections.networks.kind import GivenNetwork
from spec.sections.web import Web

FEWEST_SUBNETS = 2
MOST_SUBNETS = 6

VpcId = Annotated[str, Field(pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$")]
SubnetId = Annotated[str, Field(pattern=r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$")]
Subnets = Annotated[
    tuple[SubnetId, ...], Field(strict=False, min_length=FEWEST_SUBNETS, max_length=MOST_SUBNETS), EACH_ONCE
]


class Existing(AllowedNetworks):
    """A VPC that is there already; Windsock adds security groups to it, and nothing else."""

    mode: Literal["existing"]
    """`existing`: load balancer, tasks and database run in a VPC and in subnets that somebody else made. A deploy
    checks them before it creates anything, and never changes them."""

    vpc: VpcId
    """Id of the VPC, such as vpc-0a1b2c3d4e5f67890. Names are resolved in it: `enableDnsSupport` and
    `enableDnsHostnames` are on. A deployed environment keeps it. No default."""

    task_subnets: Subnets
    """Ids of the subnets of tasks and of the file system: 2 to 6, each in a zone of its own. From these subnets there
    is a way to AWS: a NAT gateway, endpoints or, with `public_addresses`, an internet gateway. No default."""

    load_balancer_subnets: Subnets = ()
    """Ids of the subnets of the load balancer: 2 to 6, each in a zone of its own. With `web.scheme: internet-facing`
    their route leads to an internet gateway. Default the subnets of tasks."""

    database_subnets: Subnets = ()
    """Ids of the subnets of an RDS instance: 2 to 6, in two zones at least. They need no route out of the VPC.
    Default the subnets of tasks."""

    public_addresses: bool = False
    """Whether each task has a public address, as it must have in subnets whose way out is an internet gateway.
    Default false."""

    @property
    def reaches_internet(self) -> bool:
        """Whether tasks reach the internet: a deploy asks the routes."""
        return True

    @property
    def given(self) -> GivenNetwork:
        """The network that is there already."""
        return GivenNetwork(
            vpc=self.vpc,
            task_subnets=self.task_subnets,
            load_balancer_subnets=self.load_balancer_subnets or self.task_subnets,
            database_subnets=self.database_subnets or self.task_subnets,
        )

    @property
    def shared(self) -> None:
        """The network of several environments: none."""
        return

    @property
    def zones(self) -> int:
        """In how many availability zones tasks stand: one for each subnet."""
        return len(self.task_subnets)

    @property
    def named_cidr(self) -> str:
        """The block that the YAML names for a VPC: none, since the VPC is there."""
        return ""

    @property
    def place(self) -> str:
        """Its VPC, as sentences have it."""
        return self.vpc

    def check_place(self, _aws: Aws, /) -> Iterator[Violation]:
        """Yield why it does not fit the region: a deploy looks at the zones of its subnets."""
        return iter(())

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why the load balancer does not fit: there is none, or its subnets would not do for it and the tasks."""
        if not web.has_load_balancer:
            if self.load_balancer_subnets:
                hint = "remove this line, or set web.load_balancer: application"
                yield Violation("there is no load balancer for these subnets", hint, ("load_balancer_subnets",))
            return
        shared = set(self.given.load_balancer_subnets) & set(self.task_subnets)
        if web.internet_facing and shared and not self.public_addresses:
            yield Violation(
                "in the same subnets a load balancer on the internet needs an internet gateway, "
                "and tasks without public addresses need another way out",
                "name public subnets in load_balancer_subnets, or set web.scheme: internal, or public_addresses: true",
                ("load_balancer_subnets",),
            )
