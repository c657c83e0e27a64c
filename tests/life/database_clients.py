"""Connects from a container to the database by each driver of its release, with its own authorities and with others."""

import asyncio
import importlib
import os
import shlex
import subprocess
from collections.abc import Callable

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

OTHERS = "/etc/ssl/certs/ca-certificates.crt"
"""The authorities that the machine trusts; none of them certifies databases."""
OWN = os.environ["DB_SSL_ROOT_CERT"]


def main() -> None:
    """Fail unless the right authorities let each driver in, and others do not."""
    create_engine(_address("CONN")).connect()
    _must_fail(lambda: create_engine(_address("CONN").replace(OWN, OTHERS)).connect())
    if "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC_CMD" in os.environ:
        asyncio.run(_connect(OWN))
        _must_fail(lambda: asyncio.run(_connect(OTHERS)))


def _address(option: str) -> str:
    command = os.environ[f"AIRFLOW__DATABASE__SQL_ALCHEMY_{option}_CMD"]
    return subprocess.check_output(shlex.split(command), text=True)


async def _connect(authorities: str) -> None:
    os.environ["DB_SSL_ROOT_CERT"] = authorities
    connect_args = importlib.reload(importlib.import_module("windsock_runtime.database_tls.connect_args"))
    engine = create_async_engine(_address("CONN_ASYNC"), connect_args=connect_args.ASYNC)
    async with engine.connect():
        pass
    await engine.dispose()


def _must_fail(connect: Callable[[], object]) -> None:
    try:
        connect()
    except Exception as error:
        if "certificate verify failed" in str(error):
            return
        raise
    raise SystemExit("It connected to a server that nobody vouches for.")


if __name__ == "__main__":
    main()
