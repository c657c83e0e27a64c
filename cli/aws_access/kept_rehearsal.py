"""Finds the kept rehearsal that a command line is meant for: while one is kept, no verb goes to AWS by mistake."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from cli.terminal.cache_dir import cache_root, rehearsals_folder

_OF_AWS = ("AWS_PROFILE", "AWS_SESSION_TOKEN")
"""Variables that mean an account of AWS; none of them holds for a rehearsal."""


def at_kept_rehearsal(call: Call) -> Call:
    """Let a verb that talks to AWS talk to the rehearsal that is kept of its environment, unless told otherwise.

    Raises `UsageRefusal` where a profile of AWS is named while one is kept.
    """
    options = call.options
    chosen = getattr(options, "aws", True) or "AWS_ENDPOINT_URL" in call.variables
    if chosen or "env" not in options or not any(rehearsals_folder(call.variables).glob("*")):
        return call
    return replace(call, variables=_variables(call))


def _variables(call: Call) -> Mapping[str, str]:
    """Return the variables of the shell, with those of the rehearsal that is kept of the environment, if one is."""
    # Only who keeps a rehearsal pays for these.
    from acceptance.emulated_aws import exports  # noqa: PLC0415  # see above
    from acceptance.sessions import find_for  # noqa: PLC0415  # see above
    from spec.reading.branches import for_branch  # noqa: PLC0415  # see above
    from spec.reading.load import load  # noqa: PLC0415  # see above

    own = load(Path(call.options.env))
    env = for_branch(own, call.options.branch)
    emulator = find_for(cache_root(call.variables), env.name, own.name)
    if emulator is None:
        return call.variables
    if call.options.profile:
        raise UsageRefusal(
            f"A rehearsal of {emulator.directory.name} is kept, and --profile names an account of AWS.",
            next_step="Add --aws to go to AWS, or leave --profile out to go to the rehearsal.",
        )
    shell = {name: value for name, value in call.variables.items() if name not in _OF_AWS}
    return {**shell, **exports(env, emulator)}
