"""Whom containers let vouch for the server of a database."""

import pytest

from compiler.authorities import AUTHORITIES, PUBLIC_AUTHORITIES, authorities_file


@pytest.mark.parametrize(
    ("whose", "file"),
    [
        ("rds", f"{AUTHORITIES}/eu-central-1.pem"),
        ("public", PUBLIC_AUTHORITIES),
        ("/opt/certificates/company.pem", "/opt/certificates/company.pem"),
    ],
)
def test_a_word_or_a_path_is_a_file_in_containers(whose: str, file: str) -> None:
    """RDS has other authorities in each region."""
    assert authorities_file(whose, "eu-central-1") == file
