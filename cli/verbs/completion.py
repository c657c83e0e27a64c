"""Prints the script with which a shell completes the verbs and options of windsock, and the files that they take.

For bash, zsh or fish, once:

    windsock completion bash > ~/.local/share/bash-completion/completions/windsock
    windsock completion zsh > ~/.zfunc/_windsock        # with fpath+=~/.zfunc before compinit in ~/.zshrc
    windsock completion fish > ~/.config/fish/completions/windsock.fish
"""

from cli.command_line.completion_scripts import SHELLS, completion_script
from cli.command_line.parser import Parser
from cli.command_line.verb import Call


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"{', '.join(SHELLS[:-1])} or {SHELLS[-1]}")


def run(call: Call) -> int:
    """Print the script."""
    call.screen.data(completion_script(call.options.shell).rstrip())
    return 0
