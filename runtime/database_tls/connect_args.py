"""Tells the asynchronous driver of PostgreSQL what the address of the database tells the other one about TLS.

Source: the parameter `ssl` of connect, https://magicstack.github.io/asyncpg/current/api/
"""

from __future__ import annotations

import os
import ssl
from typing import Any

AUTHORITIES = os.environ.get("DB_SSL_ROOT_CERT")

ASYNC: dict[str, Any] = {
    "ssl": ssl.create_default_context(cafile=AUTHORITIES) if AUTHORITIES else os.environ.get("DB_SSL_MODE")
}
"""Airflow reads it by `[database] sql_alchemy_connect_args_async`."""
