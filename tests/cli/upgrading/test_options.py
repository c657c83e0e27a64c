"""What an upgrade may do is said by options of `windsock deploy`."""

import pytest

from tests.cli.shell import Windsock


@pytest.mark.parametrize("minutes", ["51", "-1", "soon"])
def test_a_wait_has_its_bounds(windsock: Windsock, minutes: str) -> None:
    """A one-off task waits, and one takes an hour at most."""
    ran = windsock("deploy", "env.yaml", "--drain", minutes)
    assert ran.code == 2
    assert "--drain" in ran.err


def test_an_environment_that_is_not_there_is_not_upgraded(windsock: Windsock, aws: list[str]) -> None:
    """Nothing is said of it."""
    windsock("compile", "--no-lint", "env.yaml")
    ran = windsock("deploy", "env.yaml", "--drain", "5", "--allow-downgrade", "--without-snapshot")
    assert "comes from Airflow" not in ran.err
    assert aws
