"""Uploads DAGs, plugins and configuration to a running environment, without CloudFormation.

Uploads the files whose content changed, syncs them to the file system, and restarts the processes that need it.
"""

import json
from dataclasses import asdict
from pathlib import Path

from cli.aws_access.account import open_aws, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_json, add_wait
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from deployer.push import push


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    add_wait(parser)
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Push, and print which files went up and which are gone."""
    env = selected(call)
    home = Path(call.options.env).parent / env.airflow.home
    session = open_aws(call, env)
    with call.screen.progress(env.name) as progress:
        pushed = push(env, session, progress=progress, airflow_home=home, web_url=web_url(call), wait=call.options.wait)
    if call.options.json:
        call.screen.data(json.dumps({"environment": env.name, **asdict(pushed)}, indent=2))
        return 0
    for name in pushed.uploaded.put:
        call.screen.data(f"+ {name}")
    for name in pushed.uploaded.deleted:
        call.screen.data(f"- {name}")
    call.screen.say(summary(synced=pushed.synced, restarted=pushed.restarted))
    return 0


def summary(*, synced: bool, restarted: bool) -> str:
    """Say in a sentence what was done."""
    if not synced and not restarted:
        return "Nothing had changed."
    done = ["synced to the file system"] * synced + ["restarted what reads only at its start"] * restarted
    return f"Done: {', '.join(done)}."
