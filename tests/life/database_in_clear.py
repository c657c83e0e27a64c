"""Comes to the database of a container from another one of the environment: as Airflow does, and in clear."""

import os
import shlex
import subprocess

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

ENCRYPTED = text("select ssl from pg_stat_ssl where pid = pg_backend_pid()")


def main() -> None:
    """Fail unless Airflow's address leads to an encrypted connection, and the server refuses who comes without."""
    command = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"]
    address = make_url(subprocess.check_output(shlex.split(command), text=True))
    assert create_engine(address).connect().scalar(ENCRYPTED), "Airflow's own connection is not encrypted."
    refused = ""
    try:
        create_engine(address.set(query={"sslmode": "disable"})).connect()
    except DBAPIError as error:
        refused = str(error)
    assert "no encryption" in refused, refused or "It let in who came in clear."


if __name__ == "__main__":
    main()
