"""What the kinds of login have in common that send people to an identity provider."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from spec.constrained_types import Domain
from spec.section import Section, Violation, refuse, refuse_any
from spec.sections.logins.users import AIRFLOW_ROLES, Email, Machine, Role, RoleName
from spec.sections.web import Web

SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Claim = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,128}$")]
Address = Annotated[str, Field(pattern=r"^https://[^\s#]+$")]

PUBLIC_MAIL_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
    "me.com", "aol.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com", "proton.me", "protonmail.com",
})  # fmt: skip
"""Domains in which anybody can get an address."""


class Roles(Section):
    """The roles that follow from a claim of the identity provider."""

    claim: Claim
    """Claim that holds the groups of a user, such as groups, or a path to it through claims that hold others, such as
    realm_access.roles. No default."""

    map: dict[Annotated[str, Field(min_length=1, max_length=256)], RoleName] = Field(min_length=1, max_length=200)
    """Group to role: Admin, Op, User, Viewer, Public, or one that you made in Airflow. A user has the roles of all
    their groups besides `default_role`. No default."""

    sync: bool = True
    """Whether each login sets the roles anew and undoes changes made in Airflow's own pages; false sets them at the
    first login only. Default true."""


class Endpoints(Section):
    """Addresses of an identity provider, as its discovery document has them."""

    authorization: Address
    """`authorization_endpoint` of the discovery document. No default."""

    token: Address
    """`token_endpoint` of the discovery document. No default."""

    user_info: Address
    """`userinfo_endpoint` of the discovery document. No default."""


class IdentityProvider(Section):
    """What all kinds of login with an identity provider have in common."""

    client: SecretName = "oauth"
    """Name of the secret that holds the OAuth client; `windsock secrets set ENV oauth` fills it. Default oauth."""

    allowed_domains: tuple[Domain, ...] = Field(strict=False, min_length=1, max_length=50)
    """Domains of the e-mail addresses that may log in, 1 to 50, such as example.com; a subdomain is another domain.
    No default."""

    default_role: Role = "Viewer"
    """Role of a user who logs in for the first time: Admin, Op, User or Viewer. Default Viewer."""

    admins: tuple[Email, ...] = Field(default=(), strict=False, max_length=50)
    """E-mail addresses of people who are Admin from their first login on, at most 50. Default none."""

    roles: Roles | None = None
    """Further roles by group or another claim. Default none."""

    machine: Machine = Machine()
    """The user of programs that call the REST API."""

    @field_validator("default_role")
    @classmethod
    def _sees_something(cls, value: str) -> str:
        if value == "Public":
            refuse(
                "Public may not even see a page: whoever signs up would be sent back to the login for ever",
                hint="valid: Admin, Op, User, Viewer",
            )
        return value

    @field_validator("admins")
    @classmethod
    def _allowed_admins(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        domains = info.data.get("allowed_domains")
        refuse_any(_outsiders(value, domains) if domains else ())
        return value

    @property
    def first_user(self) -> Machine:
        """The user that a deployment creates; people sign up by themselves."""
        return self.machine

    @property
    def federated(self) -> bool:
        """Whether people log in at an identity provider."""
        return True

    @property
    def oauth_client(self) -> str | None:
        """Name of the secret that holds the OAuth client."""
        return self.client

    @property
    def notices(self) -> tuple[str, ...]:
        """What the author of the YAML should know although nothing is wrong."""
        anybody = tuple(
            f"everybody can have an address of {domain}; whoever wants is let in, as {self.default_role}."
            for domain in sorted(PUBLIC_MAIL_DOMAINS.intersection(self.allowed_domains))
        )
        own = sorted({*self.roles.map.values()}.difference(AIRFLOW_ROLES)) if self.roles else []
        return anybody + tuple(
            f"{role} is no role of Airflow's own; nobody gets it until an administrator makes it." for role in own
        )

    @property
    def trust(self) -> Mapping[str, str]:
        """Settings of `runtime/identity.py` that say which claims to believe, as far as they are not the defaults."""
        return {}


def check_redirect(kind: str, web: Web) -> Iterator[Violation]:
    """Yield why an identity provider could not send people back to this site."""
    if not web.has_load_balancer:
        yield Violation(
            f"{kind} cannot send people back to a site that only a tunnel reaches",
            "set web.load_balancer: application, or auth.kind: password",
            ("auth", "kind"),
        )
    elif web.domain is None:
        hint = "add web.domain, the host name of the site, such as airflow.example.com"
        yield Violation(f"{kind} cannot send people back to a site without TLS", hint, ("auth", "kind"))


def _outsiders(emails: tuple[str, ...], domains: tuple[str, ...]) -> Iterator[Violation]:
    for index, email in enumerate(emails):
        if email.rpartition("@")[2].lower() not in domains:
            hint = f"allowed_domains has {', '.join(domains)}; add the domain there, or name another person"
            yield Violation(f"{email} could never log in", hint, (index,))
