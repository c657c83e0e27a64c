"""Which environment a command line means: that of the YAML, or the one that a branch has of it."""

import shlex
from pathlib import Path

from cli.command_line.verb import Call
from spec.environment import Environment
from spec.reading.branches import for_branch
from spec.reading.load import load


def selected(call: Call) -> Environment:
    """Load the environment that is meant; raises `Refusal`."""
    return for_branch(load(Path(call.options.env)), call.options.branch)


def selected_words(call: Call) -> str:
    """Return the words of a command line that mean it again, for a next step."""
    branch = call.options.branch
    return shlex.join([call.options.env, *(["--branch", branch] if branch else [])])
