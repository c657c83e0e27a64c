"""The promises of rehearsal/emulator/rds/postgres.py that need no server; the emulator keeps the others."""

from pathlib import Path

import pytest

from rehearsal.emulator.rds import postgres


@pytest.mark.parametrize(
    ("name", "quoted"), [("airflow", '"airflow"'), ("Order", '"Order"'), ('a"b', '"a""b"'), ("a; drop", '"a; drop"')]
)
def test_identifiers_are_quoted(name: str, quoted: str) -> None:
    """RDS takes words that SQL has for itself."""
    assert postgres._identifier(name) == quoted


@pytest.mark.parametrize(("text", "quoted"), [("secret", "'secret'"), ("it's", "'it''s'"), ("';--", "''';--'")])
def test_passwords_are_quoted(text: str, quoted: str) -> None:
    """A generated password may have any sign."""
    assert postgres._literal(text) == quoted


def test_the_server_listens_on_its_socket_alone() -> None:
    """The proxy listens on TCP, where it requires TLS."""
    arguments = postgres._server_arguments()
    assert "listen_addresses=" in arguments
    assert f"unix_socket_directories={postgres.SOCKET_DIRECTORY}" in arguments


def test_missing_postgres_programs_are_reported() -> None:
    """They live in the emulator's environment, not in this one."""
    with pytest.raises(RuntimeError, match="no pgserver"):
        postgres.installed()


def test_libraries_lie_beside_the_package() -> None:
    """As the wheel lays them out."""
    assert postgres.libraries(Path("/env/pgserver/pginstall")) == Path("/env/pgserver.libs")
