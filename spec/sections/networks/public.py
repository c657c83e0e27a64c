"""The kind `public` of the `network` section: a VPC whose tasks have public addresses."""

from typing import Literal

from spec.sections.networks.own_vpc import OwnVpc


class Public(OwnVpc):
    """A VPC of the environment's own, without NAT gateway."""

    mode: Literal["public"] = "public"
    """`public`: tasks run in public subnets behind closed security groups, without NAT gateway; the database is in
    subnets without a route to the internet. Default public."""

    @property
    def public_addresses(self) -> bool:
        """Whether every task gets a public address: it reaches image and secrets without a NAT gateway."""
        return True
