"""The `auth` section: who may log in."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from spec.constrained_types import Domain
from spec.section import Section, Violation, refuse, refuse_each

Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s']+@[^@\s']+\.[^@\s']+$", max_length=254)]
PersonName = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,64}$")]
SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Claim = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,128}$")]
Address = Annotated[str, Field(pattern=r"^https://[^\s#]+$")]
Role = Literal["Admin", "Op", "User", "Viewer", "Public"]
"""The roles that every Airflow has."""

GOOGLE_ISSUER = "https://accounts.google.com"
EVERYBODYS_DOMAINS = frozenset(
    {
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "msn.com",
            "yahoo.com",
            "icloud.com",
        ),
        *("me.com", "aol.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com", "proton.me", "protonmail.com"),
    }
)
"""Domains in which whoever wants has an address."""

_ISSUER_PATTERN = r"https://[^\s?#]+"


def _issuer(value: str) -> str:
    if not re.fullmatch(_ISSUER_PATTERN, value):
        refuse(
            f"{value} is no issuer",
            hint="write it as its discovery document does, such as https://login.example.com/realms/data",
        )
    return value


Issuer = Annotated[str, AfterValidator(_issuer), Field(json_schema_extra={"pattern": f"^{_ISSUER_PATTERN}$"})]


class Admin(Section):
    """The first user; the password is generated and kept in Secrets Manager."""

    username: Username = "airflow"
    """Login name, 1 to 64 letters, digits and `_.@-`. Default airflow."""

    email: Email = "admin@airflow.org"
    """E-mail address of the user record. Default admin@airflow.org."""

    first_name: PersonName = "Apache"
    """First name of the user record. Default Apache."""

    last_name: PersonName = "Airflow"
    """Last name of the user record. Default Airflow."""

    @property
    def role(self) -> Role:
        """What the first user may do."""
        return "Admin"


class Machine(Section):
    """The user with which programs call the REST API while people log in elsewhere; its password is generated."""

    username: Username = "machine"
    """Login name, 1 to 64 letters, digits and `_.@-`. Default machine."""

    email: Email = "machine@airflow.org"
    """E-mail address of the user record. Default machine@airflow.org."""

    role: Role = "Op"
    """What programs may do: Admin, Op, User, Viewer or Public. Default Op."""

    @property
    def first_name(self) -> PersonName:
        """First name of the user record."""
        return "REST"

    @property
    def last_name(self) -> PersonName:
        """Last name of the user record."""
        return "API"


class Roles(Section):
    """Which roles follow from what the identity provider says of a person."""

    claim: Claim
    """Name of the claim that holds the person's groups, such as groups. No default."""

    map: dict[Annotated[str, Field(min_length=1, max_length=256)], Role] = Field(min_length=1, max_length=200)
    """Group to role (Admin, Op, User, Viewer, Public); a person has the roles of all their groups besides
    `default_role`. No default."""

    sync: bool = True
    """Whether roles are worked out anew at each login, which undoes what was changed in Airflow's own pages; false
    does it at the first login only. Default true."""


class Endpoints(Section):
    """Addresses of an identity provider, as its discovery document has them."""

    authorization: Address
    """`authorization_endpoint` of the discovery document. No default."""

    token: Address
    """`token_endpoint` of the discovery document. No default."""

    user_info: Address
    """`userinfo_endpoint` of the discovery document. No default."""


class Password(Section):
    """People log in with a password that Airflow's own database keeps."""

    kind: Literal["password"] = "password"
    """`password`: users and password hashes live in Airflow's own database. Default password."""

    admin: Admin = Admin()
    """The first user, with the role Admin."""

    @property
    def first_user(self) -> Admin:
        """Whom a deployment creates."""
        return self.admin


class _SignUp(Section):
    """What all identity providers have in common."""

    client: SecretName = "oauth"
    """Name of the secret that holds the OAuth client; `windsock secrets set ENV oauth` fills it. Default oauth."""

    allowed_domains: tuple[Domain, ...] = Field(strict=False, min_length=1, max_length=50)
    """Domains of the e-mail addresses that may log in, 1 to 50, such as example.com; a subdomain is another domain.
    No default."""

    default_role: Role = "Viewer"
    """Role of a person who logs in for the first time: Admin, Op, User or Viewer. Default Viewer."""

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
        complaints = [*_outsiders(value, domains or ())] if domains else []
        if complaints:
            refuse_each(complaints)
        return value

    @property
    def first_user(self) -> Machine:
        """Whom a deployment creates; people sign up by themselves."""
        return self.machine


class Google(_SignUp):
    """People log in with their Google account."""

    kind: Literal["google"]
    """`google`: people log in with their Google account and are signed up the first time."""

    @property
    def issuer(self) -> str:
        """Where the discovery document lies."""
        return GOOGLE_ISSUER

    @property
    def endpoints(self) -> Endpoints:
        """Where the load balancer sends people. Source: Google's discovery document."""
        return Endpoints(
            authorization="https://accounts.google.com/o/oauth2/v2/auth",
            token="https://oauth2.googleapis.com/token",  # noqa: S106  # an address
            user_info="https://openidconnect.googleapis.com/v1/userinfo",
        )


class Oidc(_SignUp):
    """People log in at any OpenID Connect provider."""

    kind: Literal["oidc"]
    """`oidc`: people log in at an OpenID Connect provider and are signed up the first time."""

    issuer: Issuer
    """Address of the provider, to the letter as `issuer` stands in its discovery document, which lies below it.
    No default."""

    endpoints: Endpoints | None = None
    """Addresses that `web.load_balancer_auth` needs, since a template cannot ask the provider. Default none."""


SignUp = Google | Oidc


def _kind(value: Any) -> str | None:
    """Return which member of the union is meant; the kind may be left out."""
    kind = value.get("kind", "password") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) else None


Auth = Annotated[
    Annotated[Password, Tag("password")] | Annotated[Google, Tag("google")] | Annotated[Oidc, Tag("oidc")],
    Discriminator(_kind),
]
"""Who may log in, by `kind`."""


def _outsiders(emails: tuple[str, ...], domains: tuple[str, ...]) -> Iterator[Violation]:
    for index, email in enumerate(emails):
        if email.rpartition("@")[2].lower() not in domains:
            hint = f"allowed_domains has {', '.join(domains)}; add the domain there, or name another person"
            yield Violation(f"{email} could never log in", hint, (index,))
