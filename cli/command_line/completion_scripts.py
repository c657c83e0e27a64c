"""Makes the scripts with which shells complete verbs, options and files, from the declarations of the verbs."""

from argparse import Action, ArgumentParser

import shtab

from cli.command_line.all_verbs import VERBS
from cli.command_line.dispatch import find, parser_of

SHELLS = ("bash", "zsh", "fish")

_FILES, _FOLDERS = ("ENV", "PATH"), ("DIR",)


def completion_script(shell: str) -> str:
    """Return the script for one of `SHELLS`."""
    return shtab.complete(_parser(), shell)


def _parser() -> ArgumentParser:
    """Return one parser of all verbs."""
    whole = ArgumentParser("windsock", description="Apache Airflow on AWS ECS Fargate")
    verbs = whole.add_subparsers(dest="verb")
    for name, line in VERBS.items():
        declared = parser_of(name, find(name))
        for action in declared.declared:
            _complete(action)
        verbs.add_parser(name, help=line, description=line, parents=[declared], add_help=False)
    return whole


def _complete(action: Action) -> None:
    """Say what kind of file an argument names."""
    if action.metavar in _FILES:
        action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab reads it from there
    elif action.metavar in _FOLDERS:
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # see above
