"""Lists the releases of the code of an environment, the newest first: age, commit, who pushed it, and its runs.

windsock releases
windsock rollback 4f2a9c
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, add_aws, add_environment, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.terminal.screen import columns
from deployer.rollback import KnownRelease, list_releases

_SHOWN = 12
"""How many digits of a release or a commit are enough for people."""

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Look, and print a line for each."""
    env = selected(call)
    session = open_aws(call, env)
    found = list_releases(env, session)
    if call.options.json:
        facts = [{**asdict(one.manifest), "current": one.current, "runs": one.runs} for one in found]
        call.screen.data(json.dumps({"environment": env.name, "releases": facts}, indent=2))
        return 0
    now = datetime.fromtimestamp(session.clock.now(), UTC)
    call.screen.data(columns([_row(one, now) for one in found]))
    return 0


def _row(one: KnownRelease, now: datetime) -> tuple[str, str]:
    manifest = one.manifest
    age = _age((now - datetime.fromisoformat(manifest.at)).total_seconds()) if manifest.at else "unknown age"
    parts = (
        age,
        f"commit {manifest.commit[:_SHOWN]}" if manifest.commit else "no commit",
        manifest.by,
        f"{one.runs} running" if one.runs else "",
        "current" if one.current else "",
    )
    return manifest.release[:_SHOWN], ", ".join(filter(None, parts))


def _age(seconds: float) -> str:
    return next((f"{int(seconds // size)} {unit}" for size, unit in _UNITS if seconds >= size), "just now")
