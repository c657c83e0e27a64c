"""The gate of a load balancer: lets through who has a session of its own, and tells the target who that is."""
# ruff: noqa: SLF001  what needs correcting is not public

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.networking.http_proxy import Answer

IDENTITY = ("x-amzn-oidc-identity", "x-amzn-oidc-accesstoken", "x-amzn-oidc-data")
"""The header fields in which the target is told who somebody is."""

_sessions: dict[str, dict[str, Any]] = {}
"""The sessions that were given out, by what stands in the cookie."""


def apply() -> None:
    """Keep the gates of templates, and give out sessions that nobody could have made up."""
    provisioners._elbv2_listener_actions = _with_gates(provisioners._elbv2_listener_actions)
    # AWS encrypts its cookie, MiniStack writes plain JSON into it: whoever can write JSON would be let through.
    alb._oidc_session_cookies = _give_out
    alb._oidc_read_session = _known


def ask(gate: Mapping[str, Any], method: str, path: str, headers: Mapping[str, str]) -> Answer | dict[str, str]:
    """What a gate says to somebody it does not let through, or of somebody it does."""
    split = urlsplit(path)
    lower = {name.lower(): value for name, value in headers.items()}
    port = int(lower["x-forwarded-port"])
    asked = asyncio.run(alb._authenticate_oidc(gate, method, split.path, lower, b"", parse_qs(split.query), port))
    if asked is None:
        return {name: lower[name] for name in IDENTITY}
    status, own, body = asked
    cookies = own.get("Set-Cookie") or []
    plain = {name: str(value) for name, value in own.items() if name != "Set-Cookie"}
    return Answer(int(status), plain, bytes(body), tuple([cookies] if isinstance(cookies, str) else cookies))


def _give_out(name: str, session: dict[str, Any], max_age: int, secure: bool) -> list[str]:  # noqa: FBT001  theirs
    ticket = secrets.token_urlsafe()
    _sessions[ticket] = session
    return [f"{name}-0={ticket}; Path=/; HttpOnly; Max-Age={max_age}" + ("; Secure" if secure else "")]


def _known(jar: Mapping[str, str], name: str) -> dict[str, Any] | None:
    return _sessions.get(jar.get(f"{name}-0", ""))


def _with_gates(theirs: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    """Keep what MiniStack forgets of a template's action that asks an identity provider."""

    def keep(properties: Any, balancer: Any, prop: str = "DefaultActions") -> list[dict[str, Any]]:
        kept = theirs(properties, balancer, prop)
        for entry, said in zip(kept, properties.get(prop) or (), strict=True):
            if "AuthenticateOidcConfig" in said:
                entry["AuthenticateOidcConfig"] = dict(said["AuthenticateOidcConfig"])
        return kept

    return keep
