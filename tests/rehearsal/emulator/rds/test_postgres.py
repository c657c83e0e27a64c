"""The promises of rehearsal/emulator/rds/postgres.py that need no server; the emulator keeps the others."""

from rehearsal.emulator.rds import postgres


def test_the_server_listens_on_its_socket_alone() -> None:
    """The proxy listens on TCP, where it requires TLS."""
    arguments = postgres._server_arguments()
    assert "listen_addresses=" in arguments
    assert f"unix_socket_directories={postgres.SOCKET_DIRECTORY}" in arguments
