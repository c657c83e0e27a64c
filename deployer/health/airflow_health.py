"""Asks a web server of Airflow how it is."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class WebHealth:
    """What the health page said: the status of each component it names; `trouble` when it could not be read.

    `login_required` is whether the load balancer answered for it, and wanted to know who asks.
    """

    reached: bool
    login_required: bool = False
    components: Mapping[str, str | None] = field(default_factory=dict)
    trouble: str = ""


def ask_health(url: str, host: str | None = None, login_url: str = "") -> WebHealth:
    """Read the health page at `url` (http or https); an answer that is no health page counts as not reached.

    `host` is the Host header, where it is not the name in `url`; `login_url` is the address to which the load
    balancer redirects clients without a session, if it does that.
    """
    # A proxy between this machine and itself would only be in the way.
    proxies: dict[str, str] | None = {} if urlsplit(url).hostname in _LOOPBACK else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _Redirects(login_url))
    try:
        request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310  # see the docstring
        with opener.open(request, timeout=_SECONDS) as answer:
            page = json.load(answer)
    except _LoginRequired:
        return WebHealth(reached=True, login_required=True)
    except (OSError, ValueError) as error:
        return WebHealth(reached=False, trouble=f"{url} says {error}")
    if not isinstance(page, dict):
        return WebHealth(reached=False, trouble=f"{url} is no health page")
    components = {name: part.get("status") for name, part in page.items() if isinstance(part, dict)}
    return WebHealth(reached=True, components=components)


class _LoginRequired(Exception):
    """The load balancer wants to know who asks."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, login_url: str) -> None:
        self._login_url = login_url

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: PLR0917  # the signature of urllib
        """Follow as ever, but not to the identity provider."""
        if self._login_url and newurl.startswith(f"{self._login_url}?"):
            raise _LoginRequired
        return super().redirect_request(req, fp, code, msg, headers, newurl)
