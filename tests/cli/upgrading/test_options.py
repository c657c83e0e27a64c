"""What an upgrade may do is said by options of `windsock deploy`."""

import pytest

from cli.command_line.parser import Parser
from cli.upgrading.options import add_upgrade_options, chosen
from deployer.plans.upgrade import DeployChoices
from tests.cli.shell import Windsock


@pytest.mark.parametrize("minutes", ["51", "-1", "soon"])
def test_a_wait_has_its_bounds(windsock: Windsock, minutes: str) -> None:
    """A one-off task waits, and one takes an hour at most."""
    ran = windsock("deploy", "env.yaml", "--drain", minutes)
    assert ran.code == 2
    assert "--drain" in ran.err


def test_what_is_said_is_what_a_deploy_may_do() -> None:
    """Nothing without a word; 0 minutes are a word, too."""
    parser = Parser("deploy", "")
    add_upgrade_options(parser)
    assert chosen(parser.parse_args([])) == DeployChoices()
    said = parser.parse_args(["--drain", "0", "--allow-downgrade", "--without-snapshot"])
    assert chosen(said) == DeployChoices(allow_downgrade=True, without_snapshot=True, drain_minutes=0)
