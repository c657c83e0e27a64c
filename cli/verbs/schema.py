"""Prints the JSON schema of the environment YAML, for editors and other programs.

It knows the Airflow releases that `releases/` of this folder adds.
"""

from pathlib import Path

from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from spec.reference.json_schema import json_schema
from spec.releases.table import PROJECT_FOLDER, add_releases


def arguments(_parser: Parser) -> None:
    """Declare what the verb takes: nothing."""


def run(call: Call) -> int:
    """Print the schema."""
    add_releases(Path(PROJECT_FOLDER))
    call.screen.data(json_schema().rstrip())
    return 0
