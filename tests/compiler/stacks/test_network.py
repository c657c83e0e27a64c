"""Promises of the network stack: IPv4 alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_nothing_speaks_ipv6(case: Case) -> None:
    """The YAML takes IPv4 blocks alone, so no rule, network or load balancer of any template has IPv6."""
    for file, text in case.templates.files.items():
        assert not [word for word in ("CidrIpv6", "Ipv6", "::/0", "dualstack") if word in text], file
