"""The promises of rehearsal/emulator/rds/quoting.py."""

import pytest

from rehearsal.emulator.rds.quoting import quoted_name, quoted_text


@pytest.mark.parametrize(
    ("name", "quoted"), [("airflow", '"airflow"'), ("Order", '"Order"'), ('a"b', '"a""b"'), ("a; drop", '"a; drop"')]
)
def test_identifiers_are_quoted(name: str, quoted: str) -> None:
    """RDS takes words that SQL has for itself."""
    assert quoted_name(name) == quoted


@pytest.mark.parametrize(("text", "quoted"), [("secret", "'secret'"), ("it's", "'it''s'"), ("';--", "''';--'")])
def test_passwords_are_quoted(text: str, quoted: str) -> None:
    """A generated password may have any sign."""
    assert quoted_text(text) == quoted
