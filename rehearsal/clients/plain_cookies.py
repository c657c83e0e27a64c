"""Cookies of a site with TLS, kept by a client that reaches it through the web port without."""

from http.cookiejar import Cookie
from typing import Any

from requests.cookies import RequestsCookieJar


class PlainCookies(RequestsCookieJar):
    """Sends cookies without TLS too: a plain request to the web port stands for one with TLS to the site."""

    def set_cookie(self, cookie: Cookie, *more: Any, **options: Any) -> None:
        """Keep a cookie of a site whose cookies are for TLS alone."""
        cookie.secure = False
        super().set_cookie(cookie, *more, **options)
