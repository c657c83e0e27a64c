"""The section `load_balancer` of the YAML of a network: one load balancer for the sites of several environments."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from spec.aws_facts.security_groups import RULES_PER_GROUP
from spec.constrained_types import Cidr, Domain
from spec.section import EACH_ONCE, Section
from spec.sections.web import CertificateArn, HostedZone, WafLogins, refuse_without_waf

LISTENERS = 2
"""Ports of the load balancer that are open: HTTP, which redirects, and HTTPS."""


class SharedLoadBalancer(Section):
    """A load balancer with TLS, behind which each environment has a host name of its own."""

    domain: Domain
    """What the host names of all sites end with: with airflow.example.com an environment is at a name such as
    orders.airflow.example.com, one label below. No default."""

    hosted_zone: HostedZone | None = None
    """Id of the Route 53 hosted zone, in this account, that holds the domain, such as Z0123456789ABC. Windsock adds one
    DNS record for all sites, and the record that proves to ACM that the domain is yours. Default none."""

    certificate_arn: CertificateArn | None = None
    """ACM certificate for all names one label below the domain, in the region of the network; without it Windsock has
    one issued. Default none."""

    scheme: Literal["internet-facing", "internal"] = "internet-facing"
    """Where the load balancer is reached. `internet-facing`: at public addresses. `internal`: inside the VPC and in
    what is connected to it, such as a VPN. A deployed one keeps it. Default internet-facing."""

    allowed_cidrs: Annotated[
        tuple[Cidr, ...], Field(strict=False, min_length=1, max_length=RULES_PER_GROUP // LISTENERS), EACH_ONCE
    ]
    """IPv4 blocks from which the sites are reachable, such as 203.0.113.0/24: 1 to 30. With 0.0.0.0/0, the whole
    internet, every environment behind it needs a login that is not a password. No default."""

    access_log_days: Annotated[int, Field(ge=1, le=3653)] | None = None
    """Days for which the load balancer keeps a line for each request to any site, 1 to 3653, in a bucket of the
    network that stays when the network is deleted. The lines name addresses and paths. Default none: it writes none."""

    waf: bool = False
    """Whether AWS WAF looks at each request to any site before the load balancer does: it limits how often one address
    may try to log in, and refuses what AWS knows as attacks. It costs about nine dollars a month. Default false."""

    waf_logins: WafLogins = 50
    """How many passwords one address may try in five minutes with `waf`, at all sites together, 10 to 10000; people of
    one office share an address. Default 50. Source: "Rate-based rule high-level settings", AWS WAF Developer Guide."""

    @field_validator("waf_logins")
    @classmethod
    def _only_with_waf(cls, value: int, info: ValidationInfo) -> int:
        refuse_without_waf("load_balancer", info.data)
        return value

    @property
    def wildcard(self) -> str:
        """The pattern of the host names of all sites."""
        return f"*.{self.domain}"

    def has(self, host: str) -> bool:
        """Whether its certificate and its DNS record are for a host name."""
        return host.partition(".")[2] == self.domain
