"""Prints the JSON schema of the environment YAML, for editors and other programs."""

from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from spec.reference.json_schema import json_schema


def arguments(_parser: Parser) -> None:
    """Declare what the verb takes: nothing."""


def run(call: Call) -> int:
    """Print the schema."""
    call.screen.data(json_schema().rstrip())
    return 0
