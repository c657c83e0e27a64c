"""The promises of rehearsal/host/ports.py."""

import os
import socket

import pytest

from rehearsal.host import ports
from rehearsal.host.errors import RehearsalFailure


def test_port_zero_takes_a_free_port() -> None:
    """Port 0 takes a free port, on loopback alone, in a socket that child processes may inherit."""
    with ports.listen(0, purpose="a test") as listener:
        assert listener.getsockname() == ("127.0.0.1", ports.port_of(listener))
        assert os.get_inheritable(listener.fileno())


def test_a_port_answers_while_something_listens() -> None:
    """And no longer."""
    with ports.listen(0, purpose="a test") as listener:
        port = ports.port_of(listener)
        assert ports.answers(port)
    assert not ports.answers(port)


def test_a_taken_port_is_refused() -> None:
    """A taken port is named, with what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = ports.port_of(other)
        with pytest.raises(RehearsalFailure, match=f"Port {port} on 127.0.0.1 is taken") as caught:
            ports.listen(port, purpose="the AWS API")
    assert "for the AWS API" in caught.value.what
    assert "choose another port" in caught.value.next_step
