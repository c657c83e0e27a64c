"""Selects the environment of a command line: that of the YAML, or a branch's."""

import shlex
from pathlib import Path

from cli.command_line.verb import Call
from spec.environment import Environment
from spec.reading.branches import for_branch
from spec.reading.load import load


def selected(call: Call) -> Environment:
    """Load the environment of a command line; raises `Refusal`."""
    return for_branch(load(Path(call.options.env)), call.options.branch)


def selected_arguments(call: Call) -> str:
    """Return the arguments that select it again, for a next step."""
    branch = call.options.branch
    return shlex.join([call.options.env, *(["--branch", branch] if branch else [])])
