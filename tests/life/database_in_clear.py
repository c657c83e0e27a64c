"""Comes to the database of a container from another one of the environment: as Airflow does, and in clear."""

import os
import shlex
import subprocess

import psycopg2
from sqlalchemy.engine import make_url


def main() -> None:
    """Fail unless Airflow's address leads to an encrypted connection, and the server refuses who comes without."""
    command = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"]
    address = make_url(subprocess.check_output(shlex.split(command), text=True))
    place = {"user": address.username, "password": address.password, "dbname": address.database}
    place = {**place, "host": address.host, "port": address.port, "connect_timeout": 20}
    asked = psycopg2.connect(**place, **address.query).cursor()
    asked.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
    assert asked.fetchone() == (True,), "Airflow's own connection is not encrypted."
    refused = ""
    try:
        psycopg2.connect(**place, sslmode="disable")
    except psycopg2.OperationalError as error:
        refused = str(error)
    assert "no encryption" in refused, refused or "It let in who came in clear."


if __name__ == "__main__":
    main()
