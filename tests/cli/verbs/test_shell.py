"""`windsock shell`: a command line that is somebody else's, and no AWS without an environment."""

from cli.command_line.dispatch import find, parser_of
from tests.cli.shell import Windsock


def test_what_follows_two_dashes_is_the_command() -> None:
    """With its own options, also those that Windsock has; options of ours stand before it, in any order."""
    parser = parser_of("shell", find("shell"))
    words = ["env.yaml", "--branch", "main", "--", "airflow", "dags", "list", "--debug", "-h"]
    options = parser.read(words)
    assert (options.env, options.branch, options.debug) == ("env.yaml", "main", False)
    assert options.command == ["airflow", "dags", "list", "--debug", "-h"]


def test_without_a_command_a_shell_opens() -> None:
    """With or without the dashes."""
    parser = parser_of("shell", find("shell"))
    assert parser.read(["env.yaml"]).command == parser.read(["env.yaml", "--"]).command == []


def test_other_verbs_take_no_command(windsock: Windsock) -> None:
    """What follows two dashes is refused there, as any word too many."""
    ran = windsock("status", "env.yaml", "--", "airflow", "version")
    assert ran.code == 2
    assert "unrecognized arguments: -- airflow version" in ran.err
