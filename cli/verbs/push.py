"""Uploads DAGs, plugins and configuration to a running environment, without CloudFormation.

With `code.delivery: release` the code becomes a new release, all of it or nothing: runs that have begun keep theirs.
Otherwise the files whose content changed are uploaded and synced to the file system. Processes restart if they must.
With --check a container of its own then parses every DAG file there, and files that cannot be imported are named.
"""

import json
from dataclasses import asdict, replace
from pathlib import Path

from acceptance.dag_files import import_errors, parse_dag_files
from cli.aws_access.account import open_aws, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_json, add_wait
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.diagnosing.explained import explained
from deployer.aws.session import Session
from deployer.push import Pushed, preview, push
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack
from spec.environment import Environment


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say which files would go up or be gone")
    parser.add_argument(
        "--rollback-on-error",
        action="store_true",
        help="go back to the release before when Airflow cannot import a file",
    )
    parser.add_argument(
        "--check", action="store_true", help="let a container parse every DAG file; fail where one cannot be imported"
    )
    add_wait(parser)
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Push, and print which files went up and which are gone; 1 where Airflow cannot import one."""
    env = selected(call)
    home = Path(call.options.env).parent / env.airflow.home
    session = open_aws(call, env)
    if call.options.dry_run:
        pushed = preview(env, session, home)
    else:
        with explained(call, env, session), call.screen.progress(env.name) as progress:
            pushed = push(
                env,
                session,
                progress=progress,
                airflow_home=home,
                web_url=web_url(call),
                wait=call.options.wait,
                rollback_on_error=call.options.rollback_on_error,
            )
    if call.options.check and not call.options.dry_run and not pushed.errors:
        pushed = replace(pushed, errors=_import_errors(call, env, session))
    if call.options.json:
        call.screen.data(json.dumps({"environment": env.name, **asdict(pushed)}, indent=2))
    else:
        _show(call, pushed)
    return 1 if pushed.errors else 0


def _import_errors(call: Call, env: Environment, session: Session) -> tuple[str, ...]:
    call.screen.say("Parsing every DAG file there.")
    files = parse_dag_files(env, session, read_outputs(existing_stack(env, session)))
    return import_errors(files, f"{env.image.context}/requirements.txt")


def _show(call: Call, pushed: Pushed) -> None:
    for name in pushed.uploaded.put:
        call.screen.data(f"+ {name}")
    for name in pushed.uploaded.deleted:
        call.screen.data(f"- {name}")
    for error in pushed.errors:
        call.screen.warn(error)
    call.screen.say("Nothing was changed." if call.options.dry_run else summary(pushed))


def summary(pushed: Pushed) -> str:
    """Say in a sentence what was done."""
    if pushed.rolled_back:
        return "Airflow cannot import these files: the release before is current again."
    done = {
        "made the current release": pushed.released,
        "synced to the file system": pushed.synced,
        "restarted what reads only at its start": pushed.restarted,
    }
    words = ", ".join(what for what, was_done in done.items() if was_done)
    return f"Done: {words}." if words else "Nothing had changed."
