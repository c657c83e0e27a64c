"""The promises of rehearsal/emulator/rds/outside.py, in an emulator with such a server."""

from collections.abc import Iterator

import pytest

from rehearsal.emulator.rules.settings import OutsideDatabase
from rehearsal.session import emulator_session
from tests.rehearsal.yard import Yard, running_yard

pytestmark = pytest.mark.rehearsal
TRUST = "/etc/ssl/certs/ca-certificates.crt"
OUTSIDE = OutsideDatabase(
    host="db.example.com",
    address="198.51.100.54",
    port=6432,
    name="orchestration",
    user="orchestrator",
    password="very-secret",
    authorities=TRUST,
)
CONNECT = f"""
import psycopg2
login = dict(host="db.example.com", port=6432, dbname="orchestration", user="orchestrator", password="very-secret")
with psycopg2.connect(sslmode="verify-full", sslrootcert="{TRUST}", **login) as connection:
    cursor = connection.cursor()
    cursor.execute("create table kept (word text)")
    cursor.execute("select inet_server_addr() is null, current_user")
    print("user:", cursor.fetchone()[1])
try:
    psycopg2.connect(sslmode="disable", **login)
except psycopg2.OperationalError as error:
    print(str(error).splitlines()[0])
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Start an emulator with such a server."""
    with running_yard(tmp_path_factory.mktemp("outside") / "emulator", outside_database=OUTSIDE) as yard:
        yield yard


def test_a_server_outside_answers_tasks_under_its_name(outside: Yard) -> None:
    """With a certificate that those vouch for whom the containers trust, and its user owns its database."""
    lines = outside.run("python", "-c", CONNECT)
    assert lines[0] == "user: orchestrator"
    assert "no encryption" in lines[1]


def test_rds_does_not_know_it(outside: Yard) -> None:
    """So nothing can stop it, delete it or take a snapshot of it; it ends with the emulator."""
    found = outside.client("rds").describe_db_instances()["DBInstances"]
    assert all("outside" not in one["DBInstanceIdentifier"] for one in found)
    assert (outside.emulator.directory / "rds" / "outside" / "data").is_dir()
    assert emulator_session.is_alive(outside.emulator)
