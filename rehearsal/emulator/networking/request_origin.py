"""Tells requests of programs, and of pages of this machine, from those that a foreign web page lets a browser send.

A name that its owner points to this machine (DNS rebinding) shows in Host, a foreign page in Origin and Sec-Fetch-Site.
Source: https://www.w3.org/TR/fetch-metadata/ and RFC 6454 section 7.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from rehearsal.emulator.networking.http_proxy import Answer
from rehearsal.host.ports import LOOPBACK

LOCAL = "localhost"
NO_PAGE = (None, "none")
OWN_PAGE = "same-origin"
SAFE_METHODS = ("GET", "HEAD")
REFUSED = Answer(status=403, body=b"The rehearsal answers its own pages, and programs on this machine, only.\n")


def host_of(host: str) -> str:
    """Return the name in a Host field, without its port."""
    return host.rpartition(":")[0].lower() if host.rpartition(":")[2].isdigit() else host.lower()


def is_local(host: str) -> bool:
    """Return whether a Host is this machine, by a name that nobody can point elsewhere (RFC 6761 section 6.3)."""
    name = host_of(host)
    return name in {LOOPBACK, LOCAL} or name.endswith(f".{LOCAL}")


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Return whether a page of another origin sends the request; the names of the headers are in lower case."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin and origin != "null" and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        return True
    if site in NO_PAGE:
        return origin == "null"
    return site != OWN_PAGE


def opens_page(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a browser opens a page, as when somebody follows a link: no other page can read the answer."""
    where = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"), headers.get("origin"))
    return method in SAFE_METHODS and where == ("navigate", "document", None)


def refusal(method: str, headers: Mapping[str, str], *, named: bool) -> Answer | None:
    """Return the answer of a site to a request of a foreign page, or None when the request is welcome.

    Args:
        method: of the request.
        headers: of the request, with names in any case.
        named: whether its Host is a name of the site.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    welcome = named and (not is_foreign(lower) or opens_page(method, lower))
    return None if welcome else REFUSED
