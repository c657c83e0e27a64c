"""The kind `shared` of the `network` section: a VPC of several environments, which has a YAML of its own."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from spec.section import Violation
from spec.sections.aws import Aws
from spec.sections.networks.allowed import AllowedNetworks
from spec.sections.networks.shared_network import SharedNetwork
from spec.sections.web import Web

NetworkFile = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^/\\]+\.ya?ml$")]


class Shared(AllowedNetworks):
    """A VPC that several environments share; Windsock adds security groups of the environment to it."""

    mode: Literal["shared"]
    """`shared`: load balancer, tasks and database run in the VPC of a network that has a YAML of its own, beside
    other environments. `windsock network deploy` makes it; environments add security groups of their own to it."""

    file: NetworkFile
    """The YAML of that network, such as network.yaml: a file beside this one. A deployed environment stays in its
    network. No default."""

    _shared: SharedNetwork = PrivateAttr()

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> "Shared":
        context: Any = info.context  # what spec.reading.load brings reads the file
        self._shared = context(self.file)
        return self

    @property
    def shared(self) -> SharedNetwork:
        """The network of several environments, as its YAML says it."""
        return self._shared

    @property
    def public_addresses(self) -> bool:
        """Whether every task gets a public address: as the network has it."""
        return self.shared.network.public_addresses

    @property
    def reaches_internet(self) -> bool:
        """Whether tasks reach the internet, as far as the YAML of the network tells."""
        return self.shared.network.reaches_internet

    @property
    def given(self) -> None:
        """The network by ids: none, since its stack knows them."""
        return

    @property
    def zones(self) -> int:
        """In how many availability zones tasks stand."""
        return self.shared.network.zones

    @property
    def named_cidr(self) -> str:
        """The block that the YAML names for a VPC of the environment's own: none, since it has no VPC of its own."""
        return ""

    @property
    def files(self) -> tuple[str, ...]:
        """The file beside the YAML that says what it is."""
        return (self.file,)

    @property
    def place(self) -> str:
        """Where the environment stands, as sentences have it."""
        return f"the network {self.shared.name}"

    @property
    def remedy(self) -> str:
        """What to do when the network does not fit."""
        return "Do that, and deploy again."

    def check_place(self, aws: Aws, /) -> Iterator[Violation]:
        """Yield why the network is not where the environment lives."""
        return self.shared.check_place(aws)

    def visitors(self, web: Web, /) -> tuple[str, ...]:
        """Return the IPv4 blocks that reach the load balancer: those of the network for that of the network."""
        balancer = self.shared.load_balancer if web.is_shared else None
        return balancer.allowed_cidrs if balancer else self.allowed_cidrs

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why the load balancer does not fit: the network has none."""
        if web.is_shared and self.shared.load_balancer is None:
            hint = f"add load_balancer to {self.file}, or set web.load_balancer: application"
            yield Violation(f"the network {self.shared.name} has no load balancer", hint, ("file",))
