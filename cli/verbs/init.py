"""Writes a commented environment YAML to start from, and never overwrites a file that exists."""

from pathlib import Path

from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from cli.compiling.starter import starter
from spec.errors import Refusal

_DEFAULT = "env.yaml"


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "path", metavar="PATH", nargs="?", default=_DEFAULT, help=f"the new file, {_DEFAULT} by default"
    )


def run(call: Call) -> int:
    """Write the file and name the next step."""
    path = Path(call.options.path)
    target = path / _DEFAULT if path.is_dir() else path
    if not target.parent.is_dir():
        raise Refusal(f"The folder {target.parent} does not exist.", next_step=f"mkdir -p {target.parent}")
    text = starter(target)
    try:
        with target.open("x", encoding="utf-8", errors="surrogateescape") as file:  # it names the folder of the schema
            file.write(text)
    except FileExistsError:
        raise Refusal(
            f"{target} exists, and init overwrites nothing.", next_step="Name another file: windsock init other.yaml"
        ) from None
    call.screen.data(str(target))
    call.screen.say(f"Set aws.account, aws.region and network.allowed_cidrs in it, then: windsock compile {target}")
    return 0
