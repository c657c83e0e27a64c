"""The promises of rehearsal/emulator/rules/connection_rules.py."""

import socket

import pytest

from rehearsal.emulator.rules.connection_rules import rules_of


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
    assert rules_of(version, groups).forces_tls is forced


def test_the_parameters_say_how_long_it_bears_silence() -> None:
    """By default it looks after five minutes, and waits for an acknowledgement as long as the system does."""
    default = dict(rules_of("16", []).socket_options)
    assert (default[socket.TCP_KEEPIDLE], default[socket.TCP_USER_TIMEOUT]) == (300, 0)
    said = dict(rules_of("16", [{"tcp_user_timeout": {"ParameterValue": "30000"}}]).socket_options)
    assert (said[socket.TCP_KEEPIDLE], said[socket.TCP_USER_TIMEOUT]) == (300, 30000)
