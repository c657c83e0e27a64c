"""Takes an environment down and prints a report: what was deleted, what was kept, and why.

Asks for the environment's name before it deletes anything. A protected environment (`protect: true`) must also be named
with --unprotect. A teardown that was interrupted is completed by running it again.
"""

import json
from dataclasses import asdict
from pathlib import Path

from cli.aws_access.account import kept_of, open_aws
from cli.command_line.parser import Parser, add_aws, add_environment, add_json, add_wait
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.terminal.interruption import interruptible
from cli.terminal.resource_descriptions import descriptions
from cli.terminal.screen import columns
from compiler.compile import compile_environment
from deployer.aws.session import Session
from deployer.list_environments import root_stacks
from deployer.record.teardown_report import Item, TeardownReport
from deployer.teardown import teardown
from rehearsal.session import emulator_session

GOES_ON = "What CloudFormation has begun goes on; run teardown again to finish it."


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--unprotect", metavar="NAME", help="the environment's name, to delete it although protected")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    add_wait(parser)
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Tear down after the name was typed, and print the report."""
    compiled = compile_yaml(Path(call.options.env), call.options.branch)
    env = compiled.env
    session = open_aws(call, env)
    question = f"This deletes {env.name} with its database, files, logs and images."
    if not call.screen.confirm_by_name(question, env.name, yes=call.options.yes):
        call.screen.say("That is not its name; nothing was changed.")
        return 1
    unprotect = call.options.unprotect
    bare = env.model_copy(update={"protect": False})
    ending = compile_environment(bare, leaving_snapshot=True) if unprotect else None
    about = descriptions(compiled.templates) if call.screen.live else {}
    with interruptible(GOES_ON), call.screen.progress(env.name, about) as progress:
        report = teardown(
            env,
            session,
            progress=progress,
            unprotect=unprotect,
            unprotected=ending,
            templates=compiled.templates,
            wait=call.options.wait,
        )
    call.screen.data(json.dumps(asdict(report), indent=2) if call.options.json else report_text(report))
    _end_rehearsal(call, session)
    return 0


def _end_rehearsal(call: Call, session: Session) -> None:
    """End a kept rehearsal as well, unless another environment is still in it."""
    emulator = kept_of(call)
    if emulator is None:
        return
    if others := [stack.name for stack in root_stacks(session)]:
        call.screen.say(f"The kept rehearsal goes on, with {', '.join(others)} in it.")
        return
    emulator_session.stop(emulator)
    call.screen.say("The kept rehearsal has ended; nothing of it is left on this machine.")


def report_text(report: TeardownReport) -> str:
    """Return the report as columns."""
    if report.empty:
        return f"There was nothing of {report.name}; nothing kept."
    rows = [_row("deleted", item) for item in report.deleted] + [_row("kept", item) for item in report.kept]
    return columns(rows) + ("" if report.kept else "\nNothing kept.")


def _row(fate: str, item: Item) -> tuple[str, str, str, str]:
    return fate, item.kind, item.name, item.note
