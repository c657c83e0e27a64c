"""The promises of rehearsal/emulator/networking/request_origin.py."""

import pytest

from rehearsal.emulator.networking.request_origin import (
    REFUSED,
    host_of,
    is_foreign,
    is_local,
    opens_page,
    refusal,
)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:8080", True),
        ("localhost", True),
        ("Airflow.LOCALHOST:8080", True),
        ("evil.example:8080", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("evillocalhost", False),
        ("", False),
    ],
)
def test_only_names_of_this_machine_are_local(host: str, *, local: bool) -> None:
    """A name that its owner points to 127.0.0.1 (DNS rebinding) is not one of them."""
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "null"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "http://127.0.0.1:3000"}, True),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "anything"}, True),
    ],
)
def test_requests_of_pages_elsewhere_are_foreign(headers: dict[str, str], *, foreign: bool) -> None:
    """Another port of this machine is another page too; programs send neither field."""
    assert is_foreign({"host": "127.0.0.1:8080", **headers}) is foreign


@pytest.mark.parametrize(
    ("method", "changed", "opens"),
    [
        ("GET", {}, True),
        ("POST", {}, False),
        ("GET", {"sec-fetch-dest": "iframe"}, False),
        ("GET", {"sec-fetch-mode": "no-cors"}, False),
        ("GET", {"origin": "https://evil.example"}, False),
    ],
)
def test_only_a_link_opens_a_page(method: str, changed: dict[str, str], *, opens: bool) -> None:
    """A form, a frame, an image or a script of another page does not."""
    assert opens_page(method, {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", **changed}) is opens


def test_a_site_refuses_other_names_and_foreign_pages() -> None:
    """But not a link to it; the names of headers may be in any case."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert refusal("GET", {}, named=True) is None
    assert refusal("GET", link, named=True) is None
    assert refusal("GET", {}, named=False) == REFUSED
    assert refusal("POST", link, named=True) == REFUSED
    assert refusal("GET", {"ORIGIN": "https://evil.example"}, named=True) == REFUSED


@pytest.mark.parametrize(("host", "name"), [("A.example:443", "a.example"), ("a.example", "a.example"), ("", "")])
def test_a_host_has_a_name_and_perhaps_a_port(host: str, name: str) -> None:
    """Names are compared in lower case."""
    assert host_of(host) == name
