"""Parses command lines: one parser per verb, with mistakes as refusals."""

import argparse
import difflib
import os
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Never

from cli.command_line.find_environment import find_environment
from cli.terminal.wrapping import terminal_width
from spec.errors import Refusal

EXIT_CODES = {
    0: "done, also when there was nothing to do",
    1: "failed",
    2: "the input is wrong: the command line or the environment YAML",
    70: "a bug in Windsock",
    130: "interrupted",
}
COMMAND = "--"
"""What follows it is a command for another program."""

_ENV = "env"
_WITHOUT = "without it the only one here or in a folder above"
_WIDTH = 110


class UsageRefusal(Refusal):
    """The command line cannot be understood."""

    exit_code = 2


class _Found(NamedTuple):
    """An environment YAML that was found, and where in the command line it belongs."""

    place: int
    path: str


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
        found = self._missing_environment(words[:end])
        if found:
            words[found.place : found.place] = [found.path]
            end += 1
        options = self.parse_intermixed_args(words[:end])
        options.found = found.path if found else None
        if end < len(words):
            if "command" not in options:
                self.error(f"unrecognized arguments: {' '.join(words[end:])}")
            options.command = [*options.command, *words[end + 1 :]]
        return options

    def _missing_environment(self, words: Sequence[str]) -> "_Found | None":
        """Find the environment YAML that a verb needs and the command line does not name."""
        places = [action for action in self.declared if not action.option_strings]
        position = next((at for at, action in enumerate(places) if action.dest == _ENV), None)
        if position is None:
            return None
        given = self._places(words)
        open_end = any(action.nargs == "*" for action in places[position + 1 :])
        if len(given) >= len(places) and not open_end:
            return None
        if given[position:] and _is_path(words[given[position]]):
            if missing := [str(action.metavar) for action in places[len(given) :] if action.nargs is None]:
                self.error(f"the following arguments are required: {', '.join(missing)}")
            return None
        at = given[position] if given[position:] else len(words)
        return _Found(at, str(find_environment(Path.cwd())))

    def _places(self, words: Sequence[str]) -> list[int]:
        """Return where in the command line the words stand that are neither options nor values of options."""
        with_value = {name for action in self.declared if action.nargs != 0 for name in action.option_strings}
        return [
            at for at, word in enumerate(words) if not word.startswith("-") and not (at and words[at - 1] in with_value)
        ]

    def error(self, message: str) -> Never:
        """Refuse the command line; argparse would print and exit."""
        known = [name for action in self.declared for name in action.option_strings]
        unknown = [word for word in message.rpartition(": ")[2].split() if word.startswith("-")]
        guess = _guess(unknown[0].partition("=")[0], known) if unknown and "unrecognized" in message else ""
        raise UsageRefusal(f"{self.prog}: {message}", next_step=f"{guess}`{self.prog} --help` explains it.")


def add_global_options(parser: Parser) -> None:
    """Declare the options of every verb."""
    parser.add_argument("--no-color", "--no-colour", action="store_true", help="no colours, as NO_COLOR does")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every resource while stacks change")
    parser.add_argument("--debug", action="store_true", help="show the traceback of a failure")


def add_aws(parser: Parser, *, of_environment: bool = True) -> None:
    """Declare the options of verbs that talk to AWS; a rehearsal is kept of an environment, if the verb has one."""
    parser.add_argument("--profile", metavar="NAME", help="AWS profile, instead of AWS_PROFILE")
    parser.add_argument("--region", metavar="NAME", help="AWS region; must be the one of the environment YAML")
    if of_environment:
        parser.add_argument(
            "--aws", action="store_true", help="go to AWS although a rehearsal of the environment is kept"
        )


def add_wait(parser: Parser) -> None:
    """Declare that a verb which changes an environment can wait for another that does."""
    parser.add_argument("--wait", action="store_true", help="wait while another run changes the environment")


def add_plan(parser: Parser, *spellings: str) -> None:
    """Declare that a verb which changes an environment can end with its plan; `spellings` are more words for that."""
    parser.add_argument(
        "--plan", *spellings, action="store_true", help="only print the plan; nothing is written on AWS"
    )


def add_json(parser: Parser) -> None:
    """Declare that a verb can report as JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_events(parser: Parser) -> None:
    """Declare that a verb which takes long can tell a program what happens meanwhile."""
    parser.add_argument(
        "--events", action="store_true", help="print one JSON object a line as things happen, the result last"
    )


def add_environment(parser: Parser) -> None:
    """Declare the environment YAML that a verb works on."""
    parser.add_argument(_ENV, metavar="ENV", nargs="?", help=f"the environment YAML; {_WITHOUT}")
    parser.add_argument("--branch", metavar="NAME", help="use the environment of this branch instead of the YAML's own")


def add_environments(parser: Parser) -> None:
    """Declare the environment YAMLs that a verb works on."""
    parser.add_argument(_ENV, metavar="ENV", nargs="*", help=f"environment YAMLs; {_WITHOUT}")


def unknown_verb(word: str, verbs: Iterable[str], meant: Mapping[str, str]) -> UsageRefusal:
    """Return the refusal of a verb that does not exist, with a guess; `meant` are words that stand for verbs."""
    valid = tuple(verbs)
    known = {**meant, **{verb: verb for verb in valid}}
    near = difflib.get_close_matches(word, known, n=1)
    guess = f"Did you mean {known[near[0]]}? " if near else ""
    return UsageRefusal(
        f"windsock has no verb {word!r}.",
        why=f"Valid: {', '.join(valid)}.",
        next_step=f"{guess}`windsock --help` lists them.",
    )


def _is_path(word: str) -> bool:
    """Whether a word names a file, and no process or other thing that may follow an environment."""
    return word.endswith((".yaml", ".yml")) or "/" in word or Path(word).exists()


def _guess(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, tuple(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _exit_codes() -> str:
    return "exit codes:\n" + "\n".join(f"  {code:<4} {meaning}" for code, meaning in EXIT_CODES.items())


def _formatter(prog: str) -> argparse.HelpFormatter:
    width = min(_WIDTH, terminal_width(os.environ, _WIDTH))
    return argparse.RawDescriptionHelpFormatter(prog, width=width, max_help_position=32)
