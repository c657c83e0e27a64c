"""The `network` section: the network of the cluster, and who may reach it."""

from typing import Literal

from pydantic import Field, field_validator

from spec.aws_facts.security_groups import RULES_PER_GROUP
from spec.constrained_types import Cidr
from spec.section import Section, Violation, refuse_any


class Network(Section):
    """The network of the cluster, and who may reach it."""

    mode: Literal["public"] = "public"
    """`public`: tasks run in public subnets behind closed security groups, without NAT gateway; the database is in
    subnets without a route to the internet. Default public."""

    allowed_cidrs: tuple[Cidr, ...] = Field(default=(), strict=False, min_length=1, max_length=RULES_PER_GROUP)
    """IPv4 blocks from which the web server is reachable, such as 203.0.113.0/24: 1 to 60, or 1 to 30 with
    `web.domain`, where each needs a rule for HTTP and one for HTTPS. 0.0.0.0/0 is the whole internet; it needs TLS
    (`web.domain`) and a login that is not a password. Required with a load balancer, and left out with
    `web.load_balancer: none`. No default."""

    @field_validator("allowed_cidrs")
    @classmethod
    def _no_duplicates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        refuse_any(
            Violation(f"{cidr} is named twice", "remove one of the two", (index,))
            for index, cidr in enumerate(value)
            if cidr in value[:index]
        )
        return value
