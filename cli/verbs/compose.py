"""Prints a Compose file that runs an environment's Airflow on this machine with Docker, without AWS.

Image, processes, health checks, options and code are those of the environment. Secrets come from your shell; the top of
the file says how. Paths in it are relative to docker/, so keep it there:

    windsock compose env.yaml > docker/compose.yaml
"""

from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from compiler.compose import render_compose


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)


def run(call: Call) -> int:
    """Print the file."""
    call.screen.data(render_compose(selected(call)).rstrip())
    return 0
