"""What the networks with a VPC of the environment's own have in common: its block, and how many zones it spans."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.aws_facts.regions import FARGATE_ZONES
from spec.constrained_types import Cidr
from spec.section import Violation, refuse
from spec.sections.aws import Aws
from spec.sections.networks.allowed import AllowedNetworks
from spec.sections.web import Web

USUAL_CIDR = "10.0.0.0/16"
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 20
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Ranges that nobody on the internet has. Source: RFC 1918 and RFC 6598, as "VPC CIDR blocks", Amazon VPC User Guide,
names them: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""
FEWEST_ZONES = 2
MOST_ZONES = 3


def _vpc_cidr(value: str) -> str:
    block = IPv4Network(value)
    if not LARGEST_PREFIX <= block.prefixlen <= SMALLEST_PREFIX:
        refuse(
            f"{value} has {block.num_addresses} addresses",
            hint=f"a VPC here is a block of /{LARGEST_PREFIX} to /{SMALLEST_PREFIX}, such as {USUAL_CIDR}",
        )
    if not any(block.subnet_of(IPv4Network(one)) for one in PRIVATE_RANGES):
        refuse(f"{value} is not a private network", hint=f"choose a block of {', '.join(PRIVATE_RANGES)}")
    return value


class OwnVpc(AllowedNetworks):
    """A VPC that Windsock makes, with one subnet of each kind in each zone."""

    cidr: Annotated[Cidr, AfterValidator(_vpc_cidr)] = USUAL_CIDR
    """IPv4 block of the VPC, of /16 to /20 in a private range. Networks that are connected to it need other blocks:
    a first deploy refuses a block that you name here and that overlaps with another VPC of the account. A deployed
    environment keeps it. Default 10.0.0.0/16."""

    zones: Annotated[int, Field(ge=FEWEST_ZONES, le=MOST_ZONES)] = FEWEST_ZONES
    """How many availability zones have subnets: 2 or 3. A deployed environment can go from 2 to 3 and not back, since
    a database may stand in the third. Default 2."""

    @property
    def makes_vpc(self) -> bool:
        """Whether a deploy of the environment makes the VPC: it does."""
        return True

    @property
    def reaches_internet(self) -> bool:
        """Whether tasks reach the internet: from their own addresses, or through NAT gateways."""
        return True

    @property
    def given(self) -> None:
        """The network that is there already: none."""
        return

    @property
    def shared(self) -> None:
        """The network of several environments: none."""
        return

    @property
    def named_cidr(self) -> str:
        """The block that the YAML names; empty for the usual one."""
        return self.cidr if "cidr" in self.model_fields_set else ""

    @property
    def place(self) -> str:
        """Its block, as sentences have it."""
        return self.cidr

    def check_place(self, aws: Aws, /) -> Iterator[Violation]:
        """Yield why the region does not have so many zones."""
        region = aws.region
        offered = FARGATE_ZONES.get(region)
        if offered and len(offered) < self.zones:
            hint = f"set zones: {len(offered)}, or choose another aws.region"
            yield Violation(f"{region} has {len(offered)} zones with Fargate", hint, ("network", "zones"))

    def check_web(self, _web: Web, /) -> Iterator[Violation]:
        """Yield why the load balancer does not fit: every one does."""
        return iter(())
