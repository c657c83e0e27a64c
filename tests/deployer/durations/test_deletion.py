"""How long a teardown takes, by the compiled stacks."""

import pytest

from compiler.compile import compile_environment
from deployer.durations.deletion import deletion_seconds
from tests.spec.minimal import minimal


def test_the_database_takes_longest() -> None:
    """Every nested stack has its seconds, and the whole is no shorter than the longest of them."""
    seconds = deletion_seconds(compile_environment(minimal()))
    stacks = {key: took for key, took in seconds.items() if key != "delete"}
    assert max(stacks, key=stacks.__getitem__) == "delete Database"
    assert seconds["delete Database"] == pytest.approx((4.5 + 0.75) * 60)
    assert seconds["delete"] > seconds["delete Database"]


def test_nat_gateways_add_to_it() -> None:
    """Their stack waits for them."""
    seconds = deletion_seconds(compile_environment(minimal("network: {", "network: {mode: private, ")))
    assert seconds["delete Egress"] == pytest.approx((0.9 + 0.75) * 60)
