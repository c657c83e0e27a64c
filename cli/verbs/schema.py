"""Prints the JSON schema of the environment YAML, or of the YAML of a network, for editors and other programs.

It knows the Airflow releases that `releases/` of this folder adds.
"""

from pathlib import Path

from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from spec.reference.json_schema import MODELS, json_schema
from spec.releases.table import PROJECT_FOLDER, add_releases


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "of",
        metavar="YAML",
        nargs="?",
        choices=tuple(MODELS),
        default="environment",
        help="whose schema: environment, by default, or network",
    )


def run(call: Call) -> int:
    """Print the schema."""
    add_releases(Path(PROJECT_FOLDER))
    call.screen.data(json_schema(call.options.of).rstrip())
    return 0
