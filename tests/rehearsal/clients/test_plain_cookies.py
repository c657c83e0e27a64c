"""A session of a site with TLS goes on without, where a plain request stands for one with TLS."""

import requests

from rehearsal.clients.plain_cookies import PlainCookies


def test_a_cookie_for_tls_alone_is_sent_to_the_web_port() -> None:
    """By the session that has it, which copies its cookies for every request."""
    browser = requests.Session()
    browser.cookies = PlainCookies()
    browser.cookies.set("session", "yes", domain="127.0.0.1", path="/", secure=True)
    request = browser.prepare_request(requests.Request("GET", "http://127.0.0.1/home"))
    assert request.headers["Cookie"] == "session=yes"
