"""`windsock tunnel`: the command that it prints, and its refusals before a session opens."""

import shlex
import socket

import pytest

from cli.verbs.tunnel import connect_command, free_port
from deployer.tasks.database_endpoint import DatabaseEndpoint
from spec.errors import Refusal
from tests.cli.shell import Windsock

PLACE = DatabaseEndpoint(host="db.internal", port=5432, name="airflow", user="someone", secret="arn:secret", tls=True)


def test_the_command_of_postgres_requires_tls() -> None:
    """The host is this machine, whose name is on no certificate: TLS is required, and the name is not checked."""
    words = shlex.split(connect_command("postgres", PLACE, 15432))
    assert words == ["psql", "host=127.0.0.1 port=15432 dbname=airflow user=someone sslmode=require"]


def test_the_command_for_a_container_has_no_tls_option() -> None:
    """A database in a container offers no TLS."""
    place = DatabaseEndpoint(
        host="database.demo.airflow.local", port=5432, name="airflow", user="someone", secret="arn:secret", tls=False
    )
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


def test_port_zero_chooses_a_free_port() -> None:
    """Any other number stays as it is."""
    port = free_port(0)
    assert port > 1023
    assert free_port(port) == port


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_out_of_range_is_refused(port: int) -> None:
    """Ports end at 65535."""
    with pytest.raises(Refusal, match=f"no port {port}"):
        free_port(port)


def test_an_unknown_destination_is_refused(windsock: Windsock) -> None:
    """With the valid ones, before any call to AWS."""
    ran = windsock("tunnel", "env.yaml", "redis")
    assert ran.code == 2
    assert "'database', 'web'" in ran.err
