"""The `web` section: the address of the site, and the TLS in front of it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Protocol

from pydantic import Field, ValidationInfo, field_validator

from spec.constrained_types import Domain
from spec.section import Section, Violation, refuse
from spec.sections.aws import Aws

HostedZone = Annotated[str, Field(pattern=r"^Z[A-Z0-9]{3,31}$")]
CertificateArn = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9A-Za-z-]{8,64}$")
]

WafLogins = Annotated[int, Field(ge=10, le=10_000)]

OF_SHARED = frozenset({"scheme", "hosted_zone", "certificate_arn", "waf"})
"""What a shared load balancer has from the YAML of its network."""
WAF_WINDOW_SECONDS = 300
"""For how long AWS WAF counts the logins of an address."""


class Certified(Protocol):
    """A section with a domain, and with what proves to ACM that it is yours."""

    @property
    def domain(self) -> str | None:
        """The domain."""
        ...

    @property
    def hosted_zone(self) -> str | None:
        """The zone that holds it."""
        ...

    @property
    def certificate_arn(self) -> str | None:
        """A certificate that is there already."""
        ...


def certificate_faults(section: Certified, aws: Aws) -> Iterator[Violation]:
    """Yield why a load balancer of this account and region would have no certificate; paths begin below the section."""
    given = (section.certificate_arn or "").split(":")
    for part, place, own in ((3, "region", aws.region), (4, "account", aws.account)):
        if section.certificate_arn and given[part] != own:
            hint = f"a load balancer takes certificates of its own {place}, {own}"
            yield Violation(f"this certificate is in another {place}", hint, ("certificate_arn",))
            return
    if section.domain and not section.hosted_zone and not section.certificate_arn:
        hint = "add hosted_zone, or certificate_arn if the domain is not in Route 53"
        yield Violation("nothing could prove to ACM that the domain is yours", hint, ("domain",))


def refuse_without_waf(section: str, above: Mapping[str, object]) -> None:
    """Refuse `waf_logins` of a section where the keys above say that no web ACL counts logins."""
    if above.get("waf") is False:
        refuse("waf_logins means nothing without waf", hint=f"set {section}.waf: true, or remove this line")


class Web(Section):
    """The address of the site, and the TLS in front of it; without a domain the site is plain HTTP."""

    load_balancer: Literal["application", "shared", "none"] = "application"
    """What receives the requests for the web server. `application`: a load balancer, which the networks of
    `network.allowed_cidrs` reach. `shared`: that of the network which `network.file` names, by the host name
    `domain`. `none`: nothing, which saves its price; people then use `windsock tunnel`. Default application."""

    scheme: Literal["internet-facing", "internal"] = "internet-facing"
    """Where the load balancer is reached. `internet-facing`: at public addresses. `internal`: inside the VPC and in
    what is connected to it, such as a VPN; then `network.allowed_cidrs` are private networks. Another scheme replaces
    the load balancer, and its name changes. Default internet-facing."""

    domain: Domain | None = None
    """Host name of the site, such as airflow.example.com; with it the site is HTTPS only. Behind a shared load balancer
    it is one label below the domain of that, and no other environment has it. Default none."""

    hosted_zone: HostedZone | None = None
    """Id of the Route 53 hosted zone, in this account, that holds the domain, such as Z0123456789ABC. Windsock adds
    the DNS record of the site, and the record that proves to ACM that the domain is yours. Default none."""

    certificate_arn: CertificateArn | None = None
    """ACM certificate for the domain, in the environment's region; without it Windsock has one issued. Default none."""

    load_balancer_auth: bool = False
    """Whether the load balancer sends everybody to the identity provider of `auth` before a request reaches Airflow,
    also requests to the REST API. Default false."""

    ungated_api: bool = False
    """Whether `load_balancer_auth` lets requests to the REST API through, which asks for a password or a token itself.
    Default false."""

    waf: bool = False
    """Whether AWS WAF looks at each request before the load balancer does: it limits how often one address may try to
    log in, and refuses what AWS knows as attacks. It costs about nine dollars a month. Default false."""

    waf_logins: WafLogins = 50
    """How many passwords one address may try in five minutes with `waf`, 10 to 10000; people of one office share
    an address. Default 50. Source: "Rate-based rule high-level settings", AWS WAF Developer Guide."""

    @field_validator("scheme", "waf")
    @classmethod
    def _only_with_a_load_balancer(cls, value: object, info: ValidationInfo) -> object:
        if value and info.data.get("load_balancer") == "none":
            refuse(
                f"{info.field_name} means nothing without a load balancer",
                hint="remove this line, or set web.load_balancer: application",
            )
        return value

    @field_validator("scheme", "hosted_zone", "certificate_arn", "load_balancer_auth", "waf")
    @classmethod
    def _only_with_its_own_load_balancer(cls, value: object, info: ValidationInfo) -> object:
        if value and info.data.get("load_balancer") == "shared":
            hint = "set web.load_balancer: application for a load balancer of the environment's own"
            if info.field_name in OF_SHARED:
                hint = f"remove this line: {info.field_name} of load_balancer in the YAML of the network counts"
            refuse(f"{info.field_name} means nothing for a shared load balancer", hint=hint)
        return value

    @field_validator("hosted_zone", "certificate_arn", "load_balancer_auth")
    @classmethod
    def _only_with_a_domain(cls, value: object, info: ValidationInfo) -> object:
        if value and "domain" in info.data and info.data["domain"] is None:
            refuse(
                f"{info.field_name} means nothing without a domain",
                hint="add web.domain, the host name of the site, such as airflow.example.com",
            )
        return value

    @field_validator("ungated_api")
    @classmethod
    def _only_with_load_balancer_auth(cls, value: object, info: ValidationInfo) -> object:
        if value and info.data.get("load_balancer_auth") is False:
            refuse(
                "ungated_api means nothing without load_balancer_auth",
                hint="set web.load_balancer_auth: true, or remove this line: programs reach the REST API anyway",
            )
        return value

    @field_validator("waf_logins")
    @classmethod
    def _only_with_waf(cls, value: int, info: ValidationInfo) -> int:
        refuse_without_waf("web", info.data)
        return value

    @property
    def has_load_balancer(self) -> bool:
        """Whether a load balancer stands before the web server."""
        return self.load_balancer != "none"

    @property
    def has_own_load_balancer(self) -> bool:
        """Whether the load balancer is of the environment alone."""
        return self.load_balancer == "application"

    @property
    def is_shared(self) -> bool:
        """Whether the load balancer is that of a network, for the sites of several environments."""
        return self.load_balancer == "shared"

    @property
    def internet_facing(self) -> bool:
        """Whether the environment has a load balancer with public addresses."""
        return self.has_own_load_balancer and self.scheme == "internet-facing"

    @property
    def listeners(self) -> int:
        """How many ports of the load balancer are open: HTTP, and HTTPS with a domain."""
        return 1 if self.domain is None else 2
