"""What the networks of all kinds have in common: who may reach the web server."""

from typing import Annotated

from pydantic import Field

from spec.aws_facts.security_groups import RULES_PER_GROUP
from spec.constrained_types import Cidr
from spec.section import EACH_ONCE, Section
from spec.sections.web import Web


class AllowedNetworks(Section):
    """A network with a mode, and the networks that reach its web server."""

    mode: str

    allowed_cidrs: Annotated[
        tuple[Cidr, ...], Field(strict=False, min_length=1, max_length=RULES_PER_GROUP), EACH_ONCE
    ] = ()
    """IPv4 blocks from which the web server is reachable, such as 203.0.113.0/24: 1 to 60, or 1 to 30 with
    `web.domain`, where each needs a rule for HTTP and one for HTTPS. 0.0.0.0/0 is the whole internet; it needs TLS
    (`web.domain`) and a login that is not a password. Required with `web.load_balancer: application`,
    and left out with `shared` or `none`. No default."""

    def visitors(self, _web: Web, /) -> tuple[str, ...]:
        """Return the IPv4 blocks that reach the load balancer."""
        return self.allowed_cidrs

    @property
    def makes_vpc(self) -> bool:
        """Whether a deploy of the environment makes the VPC."""
        return False

    @property
    def files(self) -> tuple[str, ...]:
        """The files beside the YAML that say what it is: none."""
        return ()

    @property
    def remedy(self) -> str:
        """What to do when a deploy finds that the network does not fit."""
        return "Name others below network in the YAML, or ask whoever owns the VPC to change it."
