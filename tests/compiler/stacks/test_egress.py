"""Promises of the egress stack: it is there where tasks have no public addresses of their own, and only there."""

from compiler.compile import compile_environment
from tests.spec.minimal import minimal


def test_only_private_networks_have_it() -> None:
    """An environment that stands in public subnets gets no new stack."""
    assert "egress" not in compile_environment(minimal()).nested
    assert "egress" in compile_environment(minimal("network: {", "network: {mode: private, ")).nested
