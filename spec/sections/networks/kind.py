"""What the rest of Windsock asks of every kind of network."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from spec.section import Violation
from spec.sections.aws import Aws
from spec.sections.networks.shared_network import SharedNetwork
from spec.sections.web import Web


class GivenNetwork(NamedTuple):
    """A network that somebody else made, by ids: its VPC, and the subnets of each part of an environment."""

    vpc: str
    task_subnets: tuple[str, ...]
    load_balancer_subnets: tuple[str, ...]
    database_subnets: tuple[str, ...]


class NetworkKind(Protocol):
    """One kind of network: what all kinds answer, whatever keys their sections have."""

    @property
    def mode(self) -> str:
        """The word for this kind in the YAML."""
        ...

    @property
    def allowed_cidrs(self) -> tuple[str, ...]:
        """The IPv4 blocks that the YAML names for the web server."""
        ...

    def visitors(self, web: Web, /) -> tuple[str, ...]:
        """Return the IPv4 blocks that reach the load balancer, whatever YAML names them."""
        ...

    @property
    def public_addresses(self) -> bool:
        """Whether every task, one-off tasks included, gets a public address."""
        ...

    @property
    def reaches_internet(self) -> bool:
        """Whether tasks reach the internet, as far as the YAML tells."""
        ...

    @property
    def given(self) -> GivenNetwork | None:
        """The network that is there already, by ids; None where one is made."""
        ...

    @property
    def makes_vpc(self) -> bool:
        """Whether a deploy of the environment makes the VPC."""
        ...

    @property
    def shared(self) -> SharedNetwork | None:
        """The network of several environments, which has a stack of its own; None for any other."""
        ...

    @property
    def zones(self) -> int:
        """In how many availability zones tasks stand."""
        ...

    @property
    def named_cidr(self) -> str:
        """The block that the YAML names for a VPC of the environment's own; empty where it names none."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """The files beside the YAML that say what it is."""
        ...

    @property
    def place(self) -> str:
        """Where the environment stands, as sentences have it: its VPC or its block, or the network that it shares."""
        ...

    @property
    def remedy(self) -> str:
        """What to do when a deploy finds that the network does not fit: one sentence."""
        ...

    def check_place(self, aws: Aws, /) -> Iterator[Violation]:
        """Yield why this network does not fit account and region; paths begin at the top of the YAML."""
        ...

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why the load balancer does not fit this network; paths begin below the section."""
        ...
