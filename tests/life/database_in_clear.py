"""Comes to the database of a container from another one of the environment: as Airflow does, and in clear."""

import os
import shlex
import subprocess

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

ENCRYPTED = {
    "postgresql": "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
    "mysql": "show status like 'Ssl_cipher'",
}
"""What ends with something where the connection is encrypted."""
IN_CLEAR = {"postgresql": {"sslmode": "disable"}, "mysql": {"ssl_disabled": True}}
REFUSALS = ("no encryption", "insecure transport", "Access denied")
"""Of PostgreSQL, of MySQL, and of MariaDB, which says no more even to the right password."""


def main() -> None:
    """Fail unless Airflow's address leads to an encrypted connection, and the server refuses who comes without."""
    command = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"]
    address = make_url(subprocess.check_output(shlex.split(command), text=True))
    engine = address.get_backend_name()
    found = create_engine(address).connect().execute(text(ENCRYPTED[engine])).one()
    assert found[-1], "Airflow's own connection is not encrypted."
    refused = ""
    try:
        create_engine(address.set(query={}), connect_args=IN_CLEAR[engine]).connect()
    except DBAPIError as error:
        refused = str(error)
    assert any(words in refused for words in REFUSALS), refused or "It let in who came in clear."


if __name__ == "__main__":
    main()
