"""Judges what an identity provider says of somebody: who they are, whether they may come in, and with which roles."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "WINDSOCK_AUTH_"
ADMIN = "Admin"
GOOGLE = "google"
GOOGLE_MAIL = frozenset({"gmail.com", "googlemail.com"})
"""Addresses of Google's own: it vouches for them, and their accounts belong to no organisation.

Source: https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
"""
NAME_CHARACTERS = 64


class RefusedError(Exception):
    """This person may not come in."""


def setting(name: str, default: str = "") -> str:
    """Return one of the variables that the compiler derives from `auth:`."""
    return os.environ.get(PREFIX + name, default)


def listed(name: str) -> tuple[str, ...]:
    """Return the words of a variable that holds several, in lower case."""
    return tuple(word for word in setting(name).lower().split(",") if word)


@dataclass(frozen=True)
class Claims:
    """What the ID token says, and what UserInfo of the same subject adds where the token is silent.

    Source: OpenID Connect Core 1.0, sections 2, 3.1.3.7, 5.3.2 and 5.4.
    """

    token: Mapping[str, Any]
    more: Mapping[str, Any]

    @classmethod
    def of(cls, token: Mapping[str, Any], client_id: str, ask: Callable[[], Mapping[str, Any]]) -> Claims:
        """Return the claims of a token that was meant for this client; call `ask` for UserInfo if the token is thin.

        Raises RefusedError for a token that was meant for somebody else, or that names no subject.
        """
        audience = token.get("aud")
        clients = audience if isinstance(audience, list) else [audience]
        several = len(clients) > 1
        meant = client_id in clients and token.get("azp", None if several else client_id) == client_id
        if token.get("iss") != setting("ISSUER") or not meant:
            raise RefusedError("The identity provider's answer was meant for somebody else.")
        if not token.get("sub") or not isinstance(token["sub"], str):
            raise RefusedError("The identity provider does not say whose account this is.")
        said = ask() if _is_thin(token) else {}
        return cls(token, said if said.get("sub") == token["sub"] else {})

    def find(self, name: str) -> Any:
        """Return a claim by its name, or by a path with dots through claims that hold others; None if nobody says."""
        for claims in (self.token, self.more):
            found = _at(claims, name)
            if found is not None:
                return found
        return None

    def email(self) -> str:
        """Return the verified address, in lower case, of an allowed domain; raise RefusedError for any other."""
        written = str(self.find(setting("EMAIL_CLAIM", "email")) or "")
        name, _, domain = written.lower().rpartition("@")
        domains = listed("ALLOWED_DOMAINS")
        # Lower case makes ASCII letters of some others, such as the Kelvin sign: that is another person's address.
        if not name or not written.isascii() or domain not in domains:
            raise RefusedError(f"{written or 'An account without an address'} is not of {' or '.join(domains)}.")
        if not self._is_verified(written):
            raise RefusedError(f"The identity provider has not verified that {written.lower()} is yours.")
        if setting("KIND") == GOOGLE and domain not in GOOGLE_MAIL and self.find("hd") not in domains:
            raise RefusedError(f"The account of {written.lower()} is not of the organisation {' or '.join(domains)}.")
        return written.lower()

    def _is_verified(self, email: str) -> bool:
        """Whether whoever names the address also says that it is verified."""
        said = self.token.get("email_verified")
        if said is None and self.more.get("email", email) == email:
            said = self.more.get("email_verified")
        if said is None:
            said = setting("ASSUME_EMAIL_VERIFIED")
        return str(said).lower() == "true"


def person(claims: Claims) -> dict[str, Any]:
    """Return what Flask-AppBuilder wants to know of a person; raise RefusedError for one who may not come in."""
    email = claims.email()
    first = claims.find("given_name") or claims.find("name") or email.partition("@")[0]
    return {
        "username": username(claims.token["sub"]),
        "email": email,
        "first_name": str(first)[:NAME_CHARACTERS],
        "last_name": str(claims.find("family_name") or "-")[:NAME_CHARACTERS],  # Airflow's own form wants one
        "role": ADMIN if email in listed("ADMINS") else setting("DEFAULT_ROLE"),
        "role_keys": _groups(claims),
    }


def username(subject: str) -> str:
    """Return the name of the account that belongs to a subject of this issuer."""
    issuer = "" if setting("KIND") == GOOGLE else f"@{setting('ISSUER').removeprefix('https://')}"
    return f"{setting('KIND')}_{subject}{issuer}"


def may_link(account: str, wanted: str) -> bool:
    """Whether an account with the same address may become that of the name `wanted`, once and for all.

    It may if it never had a subject: somebody made it for a password. An account of an OpenID Connect provider from
    before names had their issuer may if its subject is the same. The user of programs is nobody's.
    """
    if account == setting("MACHINE"):
        return False
    kind, _, subject = wanted.partition("_")
    had_subject = account.startswith(("google_", "oidc_"))
    return not had_subject or account == f"{kind}_{subject.rpartition('@')[0]}"


def _is_thin(token: Mapping[str, Any]) -> bool:
    """Whether the token lacks a claim that UserInfo may have."""
    wanted = (setting("EMAIL_CLAIM", "email"), "email_verified", "family_name", setting("ROLES_CLAIM"))
    nameless = not (token.get("given_name") or token.get("name"))
    return nameless or any(_at(token, name) is None for name in wanted if name)


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """Return the claim of exactly this name, else what the path with dots leads to."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _groups(claims: Claims) -> list[str]:
    """Return what the claim for roles holds: a list, or one word."""
    found = claims.find(setting("ROLES_CLAIM")) if setting("ROLES_CLAIM") else None
    if found is None:
        return []
    return [str(group) for group in found] if isinstance(found, list) else [str(found)]
