"""The environment that a command line means, with and without a branch."""

import io
from argparse import Namespace
from pathlib import Path

import pytest

from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.terminal.screen import Screen
from spec.reading.branches import BranchRefusal
from tests.cli.shell import Windsock


def _call(branch: str | None) -> Call:
    screen = Screen(out=io.StringIO(), err=io.StringIO(), answers=None, colour=False, live=False)
    return Call(screen, Namespace(env="env.yaml", branch=branch), {})


def test_without_a_branch_the_yamls_own_is_selected(checkout: Path) -> None:
    """And the same words mean it again."""
    assert checkout.is_dir()
    assert selected(_call(None)).name == "demo"
    assert selected_arguments(_call(None)) == "env.yaml"


def test_with_a_branch_the_branchs_environment_is_selected(checkout: Path) -> None:
    """Whatever a shell would do to the name of the branch."""
    assert checkout.is_dir()
    assert selected(_call("it's x")).name.startswith("demo-it-s-x-")
    assert selected_arguments(_call("it's x")) == """env.yaml --branch 'it'"'"'s x'"""
    with pytest.raises(BranchRefusal):
        selected(_call(""))


@pytest.mark.parametrize("verb", ["deploy", "status", "push", "logs", "teardown", "rehearse"])
def test_every_verb_takes_a_branch(windsock: Windsock, aws: list[str], verb: str) -> None:
    """And refuses a bad one before any call to AWS."""
    windsock("compile", "--no-lint", "env.yaml")
    ran = windsock(verb, "env.yaml", "--branch", "")
    assert (ran.code, aws) == (2, [])
    assert "--branch is empty." in ran.err
