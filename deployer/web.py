"""Asks a web server of Airflow how it is."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_SECONDS = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class WebHealth:
    """What the health page said: the status of each component it names; `trouble` when it could not be read."""

    reached: bool
    components: Mapping[str, str | None] = field(default_factory=dict)
    trouble: str = ""


def ask_health(url: str, host: str | None = None) -> WebHealth:
    """Read the health page at `url` (http or https); an answer that is no health page counts as not reached.

    `host` is the name under which the site is asked for, where that is not the name in `url`.
    """
    # A proxy between this machine and itself would only be in the way.
    proxies: dict[str, str] | None = {} if urlsplit(url).hostname in _LOOPBACK else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    try:
        request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310  # see the docstring
        with opener.open(request, timeout=_SECONDS) as answer:
            page = json.load(answer)
    except (OSError, ValueError) as error:
        return WebHealth(reached=False, trouble=f"{url} says {error}")
    if not isinstance(page, dict):
        return WebHealth(reached=False, trouble=f"{url} is no health page")
    components = {name: part.get("status") for name, part in page.items() if isinstance(part, dict)}
    return WebHealth(reached=True, components=components)
