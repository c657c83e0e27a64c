"""Authentication at the load balancer: a client needs a session, and the target gets the client's identity."""
# ruff: noqa: SLF001  what needs correcting is not public

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.networking.http_proxy import Answer
from rehearsal.emulator.patches.rebinding import rebind

HTTPS_PORT = 443
NO_PROVIDER = Answer(status=500, body=b"The load balancer does not reach the identity provider.\n")
"""Source: "HTTP 500: Internal server error", User Guide for Application Load Balancers
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html)."""
IDENTITY = ("x-amzn-oidc-identity", "x-amzn-oidc-accesstoken", "x-amzn-oidc-data")
"""Header fields with the identity of the client."""


class AlbAuth:
    """The sessions of everybody who has logged in."""

    def __init__(self) -> None:
        self._sessions: dict[str, dict[str, Any]] = {}
        """By the value of the cookie."""

    def apply(self) -> None:
        """Keep the authentication of templates, and make cookies that nobody can forge."""
        rebind(provisioners, "_elbv2_listener_actions", _with_authentication, takes="props lb_arn prop")
        # AWS encrypts its cookie, MiniStack writes plain JSON into it: anybody who can write JSON would get through.
        rebind(alb, "_oidc_session_cookies", lambda _: self._create, takes="cookie_name session max_age secure")
        rebind(alb, "_oidc_read_session", lambda _: self._read, takes="jar cookie_name")

    def _create(self, name: str, session: dict[str, Any], max_age: int, secure: bool) -> list[str]:  # noqa: FBT001  theirs
        value = secrets.token_urlsafe()
        self._sessions[value] = session
        return [f"{name}-0={value}; Path=/; HttpOnly; Max-Age={max_age}" + ("; Secure" if secure else "")]

    def _read(self, jar: Mapping[str, str], name: str) -> dict[str, Any] | None:
        return self._sessions.get(jar.get(f"{name}-0", ""))


def endpoints_to_ask(action: Mapping[str, Any], path: str) -> Iterator[tuple[str, int]]:
    """Yield host and port of each endpoint that a load balancer itself asks when it gets a request for a path."""
    if urlsplit(path).path == alb.OIDC_CALLBACK_PATH:
        for name in ("TokenEndpoint", "UserInfoEndpoint"):
            endpoint = urlsplit((action.get("AuthenticateOidcConfig") or {}).get(name, ""))
            yield endpoint.hostname or "", endpoint.port or HTTPS_PORT


def authenticate(
    action: Mapping[str, Any], method: str, path: str, headers: Mapping[str, str]
) -> Answer | dict[str, str]:
    """Answer a client without a session, or return the identity headers of a client with one."""
    split = urlsplit(path)
    lower = {name.lower(): value for name, value in headers.items()}
    port = int(lower["x-forwarded-port"])
    answered = asyncio.run(alb._authenticate_oidc(action, method, split.path, lower, b"", parse_qs(split.query), port))
    if answered is None:
        return {name: lower[name] for name in IDENTITY}
    status, own, body = answered
    cookies = own.get("Set-Cookie") or []
    return Answer(
        status=int(status),
        body=bytes(body),
        headers={name: str(value) for name, value in own.items() if name != "Set-Cookie"},
        cookies=tuple([cookies] if isinstance(cookies, str) else cookies),
    )


def _with_authentication(theirs: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    """Keep the AuthenticateOidcConfig of a template's action, which MiniStack drops."""

    def keep(properties: Any, balancer: Any, prop: str = "DefaultActions") -> list[dict[str, Any]]:
        kept = theirs(properties, balancer, prop)
        for entry, given in zip(kept, properties.get(prop) or (), strict=True):
            if "AuthenticateOidcConfig" in given:
                entry["AuthenticateOidcConfig"] = dict(given["AuthenticateOidcConfig"])
        return kept

    return keep
