"""The kind `private` of the `network` section: a VPC whose tasks leave it through NAT gateways."""

from typing import Literal

from spec.sections.networks.own_vpc import OwnVpc


class Private(OwnVpc):
    """A VPC of the environment's own, whose tasks have no public addresses."""

    mode: Literal["private"]
    """`private`: tasks run in subnets without public addresses, and reach AWS through NAT gateways; the load balancer
    is in public subnets, the database in subnets without a route to the internet."""

    nat: Literal["one", "per_zone"] = "one"
    """How many NAT gateways there are. `one`: in the first zone; when that zone fails, tasks in the others reach
    nothing. `per_zone`: one in each zone, each for the price of one. Default one."""

    @property
    def public_addresses(self) -> bool:
        """Whether every task gets a public address: none does."""
        return False
