"""Parses command lines: one parser per verb, with mistakes as refusals."""

import argparse
import difflib
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Never

from spec.errors import Refusal

EXIT_CODES = {
    0: "done, also when there was nothing to do",
    1: "failed",
    2: "the input is wrong: the command line or the environment YAML",
    70: "a bug in Windsock",
    130: "interrupted",
}
TEMPLATES_OUT = Path("templates_out")
"""The folder of all templates, unless --output names another; each environment has a folder in it."""

COMMAND = "--"
"""What follows it is a command for another program."""

_WIDTH = 110


class UsageRefusal(Refusal):
    """The command line cannot be understood."""

    exit_code = 2


class Parser(ArgumentParser):
    """The parser of one verb; `declared` keeps its arguments for the reference page and for guesses."""

    def __init__(self, verb: str, description: str) -> None:
        self.declared: list[Action] = []
        super().__init__(
            prog=f"windsock {verb}",
            description=description,
            epilog=_exit_codes(),
            allow_abbrev=False,
            formatter_class=_formatter,
        )

    def add_argument(self, *names: Any, **settings: Any) -> Action:
        """Declare an argument, as argparse does, and remember it."""
        action = super().add_argument(*names, **settings)
        self.declared.append(action)
        return action

    def read(self, words: Sequence[str]) -> Namespace:
        """Read a command line. Options may stand anywhere; what follows `--` is a command, if the verb takes one."""
        words = list(words)
        end = words.index(COMMAND) if COMMAND in words else len(words)
        options = self.parse_intermixed_args(words[:end])
        if end < len(words):
            if "command" not in options:
                self.error(f"unrecognized arguments: {' '.join(words[end:])}")
            options.command = [*options.command, *words[end + 1 :]]
        return options

    def error(self, message: str) -> Never:
        """Refuse the command line; argparse would print and exit."""
        known = [name for action in self.declared for name in action.option_strings]
        unknown = [word for word in message.rpartition(": ")[2].split() if word.startswith("-")]
        guess = _guess(unknown[0].partition("=")[0], known) if unknown and "unrecognized" in message else ""
        raise UsageRefusal(f"{self.prog}: {message}", next_step=f"{guess}`{self.prog} --help` explains it.")


def add_global_options(parser: Parser) -> None:
    """Declare the options of every verb."""
    parser.add_argument("--no-color", "--no-colour", action="store_true", help="no colours, as NO_COLOR does")
    parser.add_argument("--debug", action="store_true", help="show the traceback of a failure")


def add_aws(parser: Parser) -> None:
    """Declare the options of verbs that talk to AWS."""
    parser.add_argument("--profile", metavar="NAME", help="AWS profile, instead of AWS_PROFILE")
    parser.add_argument("--region", metavar="NAME", help="AWS region; must be the one of the environment YAML")


def add_environment(parser: Parser) -> None:
    """Declare the environment YAML that a verb works on."""
    parser.add_argument("env", metavar="ENV", help="the environment YAML")
    parser.add_argument("--branch", metavar="NAME", help="use the environment of this branch instead of the YAML's own")


def unknown_verb(word: str, verbs: Iterable[str]) -> UsageRefusal:
    """Return the refusal of a verb that does not exist, with a guess."""
    valid = tuple(verbs)
    return UsageRefusal(
        f"windsock has no verb {word!r}.",
        why=f"Valid: {', '.join(valid)}.",
        next_step=f"{_guess(word, valid)}`windsock --help` lists them.",
    )


def _guess(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, tuple(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _exit_codes() -> str:
    return "exit codes:\n" + "\n".join(f"  {code:<4} {meaning}" for code, meaning in EXIT_CODES.items())


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, width=_WIDTH, max_help_position=32)
