"""Tells the asynchronous driver what the address of the database tells the other one about TLS.

Sources: the parameter `ssl` of connect, https://magicstack.github.io/asyncpg/current/api/ and
https://aiomysql.readthedocs.io/en/stable/connection.html
"""

from __future__ import annotations

import os
import ssl
from typing import Any

AUTHORITIES = os.environ.get("DB_SSL_ROOT_CERT")


def _context() -> ssl.SSLContext:
    """Return how a connection is encrypted; without authorities every server is as good as another."""
    context = ssl.create_default_context(cafile=AUTHORITIES)
    if not AUTHORITIES:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


ASYNC: dict[str, Any] = {"ssl": _context()}
"""Airflow reads it by `[database] sql_alchemy_connect_args_async`, where the database takes encrypted connections."""
