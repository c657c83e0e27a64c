"""Prints a Compose file that runs an environment's Airflow on this machine with Docker, without AWS.

Image, processes, health checks, options and code are those of the environment. Secrets come from your shell; the top of
the file says how. Paths in it are relative to docker/, so keep it there:

    windsock compose env.yaml > docker/compose.yaml
"""

from pathlib import Path

from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from compiler.compose import HOME_PARTS, render_compose
from deployer.release.image_context import ImageContext
from deployer.release.runtime_layer import RUNTIME_SOURCES


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--runtime", action="store_true", help="print the folder that the Compose file takes as WINDSOCK_RUNTIME"
    )


def run(call: Call) -> int:
    """Print the file, with what the Airflow home has now, or the folder of Windsock's own package."""
    if call.options.runtime:
        call.screen.data(str(RUNTIME_SOURCES))
        return 0
    env, project = selected(call), Path(call.options.env).parent
    home, image = project / env.airflow.home, ImageContext.of(env, project)
    if image.folder.is_dir() and not image.own_lock.is_file():
        call.screen.warn(f"Compose builds from {image.folder} alone: copy {image.lock} to {image.own_lock.parent}.")
    call.screen.data(render_compose(env, [part for part in HOME_PARTS if (home / part).exists()]).rstrip())
    return 0
