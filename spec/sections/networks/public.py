"""The kind `public` of the `network` section: a VPC whose tasks have public addresses."""

from collections.abc import Iterator
from typing import Literal

from spec.section import Violation
from spec.sections.networks.allowed import AllowedNetworks
from spec.sections.web import Web


class Public(AllowedNetworks):
    """A VPC of the environment's own, without NAT gateway."""

    mode: Literal["public"] = "public"
    """`public`: tasks run in public subnets behind closed security groups, without NAT gateway; the database is in
    subnets without a route to the internet. Default public."""

    @property
    def public_addresses(self) -> bool:
        """Whether every task gets a public address: it reaches image and secrets without a NAT gateway."""
        return True

    @property
    def given(self) -> None:
        """The network that is there already: none."""
        return

    def check_web(self, _web: Web, /) -> Iterator[Violation]:
        """Yield why the load balancer does not fit: every one does."""
        return iter(())
