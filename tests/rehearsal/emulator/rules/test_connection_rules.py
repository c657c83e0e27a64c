"""The promises of rehearsal/emulator/rules/forced_tls.py."""

import pytest

from rehearsal.emulator.rules.forced_tls import is_forced


@pytest.mark.parametrize(
    ("version", "groups", "forced"),
    [
        ("16", [], True),
        ("15.4", [{}], True),
        ("14.9", [], False),
        ("14", [{"rds.force_ssl": {"ParameterValue": "1"}}], True),
        ("16", [{"rds.force_ssl": {"ParameterValue": "0"}}], False),
        ("16", [{"log_statement": {"ParameterValue": "0"}}], True),
    ],
)
def test_the_parameter_decides_and_the_version_where_it_is_silent(
    version: str, groups: list[dict[str, dict[str, str]]], *, forced: bool
) -> None:
    """RDS forces TLS by default from PostgreSQL 15 on."""
    assert is_forced(version, groups) is forced
