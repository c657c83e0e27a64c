"""The interface of a verb, and the call that it gets."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cli.command_line.parser import Parser
from cli.terminal.screen import Screen


@dataclass(frozen=True)
class Call:
    """One call of a verb: the terminal, the parsed options, and the variables of the calling shell."""

    screen: Screen
    options: Namespace
    variables: Mapping[str, str]


class Verb(Protocol):
    """A module of `cli/verbs/` with these two functions; its docstring is the verb's help."""

    __doc__: str | None

    def arguments(self, parser: Parser) -> None:
        """Declare what the verb takes."""

    def run(self, call: Call) -> int:
        """Do it and return the exit code."""
