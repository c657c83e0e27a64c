"""The `network` section: the network of the cluster, and who may reach it."""

from typing import Annotated, Literal

from pydantic import Field

from spec.aws_facts.security_groups import RULES_PER_GROUP
from spec.constrained_types import Cidr
from spec.section import EACH_ONCE, Section


class Network(Section):
    """The network of the cluster, and who may reach it."""

    mode: Literal["public"] = "public"
    """`public`: tasks run in public subnets behind closed security groups, without NAT gateway; the database is in
    subnets without a route to the internet. Default public."""

    allowed_cidrs: Annotated[
        tuple[Cidr, ...], Field(strict=False, min_length=1, max_length=RULES_PER_GROUP), EACH_ONCE
    ] = ()
    """IPv4 blocks from which the web server is reachable, such as 203.0.113.0/24: 1 to 60, or 1 to 30 with
    `web.domain`, where each needs a rule for HTTP and one for HTTPS. 0.0.0.0/0 is the whole internet; it needs TLS
    (`web.domain`) and a login that is not a password. Required with a load balancer, and left out with
    `web.load_balancer: none`. No default."""
