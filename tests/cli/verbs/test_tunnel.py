"""`windsock tunnel`: what it says, and what it refuses before anything is opened."""

import shlex
import socket

import pytest

from cli.verbs.tunnel import connect_command, free_port
from deployer.tasks.database_endpoint import DatabaseEndpoint
from spec.errors import Refusal
from tests.cli.shell import Windsock

PLACE = DatabaseEndpoint("db.internal", 5432, "airflow", "someone", "arn:secret", tls=True)


def test_the_command_of_postgres_requires_tls() -> None:
    """The host is this machine, whose name is on no certificate: TLS is required, and the name is not checked."""
    words = shlex.split(connect_command("postgres", PLACE, 15432))
    assert words == ["psql", "host=127.0.0.1 port=15432 dbname=airflow user=someone sslmode=require"]


def test_the_command_for_a_container_asks_for_no_tls() -> None:
    """So none is asked for."""
    place = DatabaseEndpoint("database.demo.airflow.local", 5432, "airflow", "someone", "arn:secret", tls=False)
    assert "sslmode" not in connect_command("postgres", place, 15432)


def test_the_command_of_mysql_connects_by_address() -> None:
    """By address, since `localhost` would mean a socket of this machine; it asks for the password."""
    assert connect_command("mysql", PLACE, 13306) == (
        "mysql --host 127.0.0.1 --port 13306 --user someone --password airflow"
    )


def test_a_taken_port_is_refused() -> None:
    """With the way to another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=f"Port {port} on 127.0.0.1 cannot be had") as refusal:
            free_port(port)
    assert "--port 0" in refusal.value.next_step


def test_port_zero_takes_a_free_one() -> None:
    """For 0; a number is itself."""
    port = free_port(0)
    assert port > 1023
    assert free_port(port) == port


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_out_of_range_is_refused(port: int) -> None:
    """Other numbers are none."""
    with pytest.raises(Refusal, match=f"no port {port}"):
        free_port(port)


def test_an_unknown_destination_is_refused(windsock: Windsock) -> None:
    """With what is valid, before AWS is asked."""
    ran = windsock("tunnel", "env.yaml", "redis")
    assert ran.code == 2
    assert "'database', 'web'" in ran.err
