"""Takes an environment down and prints a report: what was deleted, what was kept, and why.

Prints its plan: what is deleted, and what stays and costs money. Then it asks for the environment's name before it
deletes anything. A protected environment (`protect: true`) must also be named with --unprotect. A teardown that was
interrupted is completed by running it again.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from cli.aws_access.account import kept_of, open_aws
from cli.command_line.parser import Parser, add_aws, add_environment, add_events, add_json, add_plan, add_wait
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.planning.teardown_page import teardown_data, teardown_page
from cli.terminal.interruption import interruptible
from cli.terminal.resource_descriptions import descriptions
from cli.terminal.screen import columns
from compiler.compile import compile_environment
from deployer.aws.session import Session, open_session
from deployer.list_environments import find_elsewhere, root_stacks
from deployer.plans.teardown import ElsewhereRefusal
from deployer.record.teardown_report import Item, TeardownReport
from deployer.teardown import Ending, PlannedTeardown, planned_teardown
from rehearsal.session import emulator_session
from spec.aws_facts.regions import REGIONS, partition_of
from spec.environment import Environment

GOES_ON = "What CloudFormation has begun goes on; run teardown again to finish it."


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--unprotect", metavar="NAME", help="the environment's name, to delete it although protected")
    parser.add_argument("--confirm", metavar="NAME", help="the environment's name, instead of typing it")
    parser.add_argument(
        "-y", "--yes", action="store_true", help="do not ask, of a branch or in a kept rehearsal; else use --confirm"
    )
    add_plan(parser)
    add_wait(parser)
    add_json(parser)
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Tear down after the name was typed, and print the report."""
    compiled = compile_yaml(Path(call.options.env), call.options.branch)
    env = compiled.env
    session = open_aws(call, env)
    if call.options.confirm not in {None, env.name}:
        call.screen.say("That is not its name; nothing was changed.")
        return 1
    if not call.options.plan:
        call.screen.expect_answer(yes=_is_named(call, env), instead=_instead(env))
    unprotect = call.options.unprotect
    bare = env.model_copy(update={"protect": False})
    ending = Ending(
        env=env,
        unprotect=unprotect,
        unprotected=compile_environment(bare, leaving_snapshot=True) if unprotect else None,
        templates=compiled.templates,
    )
    about = descriptions(compiled.templates) if call.screen.live else {}
    with interruptible(GOES_ON, asks=call.screen.live), ExitStack() as lease:
        report = _tear_down(call, ending, session, lease, about)
    if report is None:
        return 0 if call.options.plan else 1
    if report.empty:
        _refuse_elsewhere(call, env)
    call.screen.result(asdict(report), report_text(report), as_json=call.options.json)
    _end_rehearsal(call, session)
    return 0


def _tear_down(
    call: Call, ending: Ending, session: Session, lease: ExitStack, about: Mapping[str, str]
) -> TeardownReport | None:
    """Plan, show, ask and execute; None when it ends with the plan. A stack that is at work is waited for first."""
    name, options = ending.env.name, call.options
    with call.screen.progress(name) as progress:
        planned = lease.enter_context(
            planned_teardown(ending, session, progress=progress, wait=options.wait, only_look=options.plan)
        )
    while _agreed(call, planned):
        with call.screen.progress(name, about) as progress:
            if planned.plan.final:
                return planned.execute(progress)
            planned = planned.settle(progress)
    return None


def _agreed(call: Call, planned: PlannedTeardown) -> bool:
    """Show a plan, and return whether the user has said which environment is meant."""
    plan, env = planned.plan, planned.ending.env
    if call.options.plan:
        call.screen.result(teardown_data(plan), teardown_page(plan), as_json=call.options.json)
        return False
    call.screen.say(teardown_page(plan))
    if not plan.final:
        return True
    question = f"This deletes {env.name} with its database, files, logs and images."
    agreed = call.screen.confirm_by_name(question, env.name, yes=_is_named(call, env), instead=_instead(env))
    if not agreed:
        call.screen.say("That is not its name; nothing was changed.")
    return agreed


def _is_named(call: Call, env: Environment) -> bool:
    """Whether the command line says which environment: its name, or its branch; --yes alone does not."""
    options = call.options
    said = bool(options.branch) or kept_of(call) is not None
    return env.name in {options.confirm, options.unprotect} or bool(said and options.yes)


def _instead(env: Environment) -> str:
    return f"Add --confirm {env.name}; --yes does not say which environment is meant."


def _refuse_elsewhere(call: Call, env: Environment) -> None:
    """Refuse to call it nothing when an environment of that name is in another region: somebody edited the YAML."""
    if kept_of(call) is not None or env.branch:
        return
    here = partition_of(env.aws.region)  # credentials of one partition are none of another
    others = (region for region in REGIONS if region != env.aws.region and partition_of(region) == here)
    found = find_elsewhere(env.name, (open_session(region, profile=call.options.profile) for region in others))
    if found:
        raise ElsewhereRefusal(
            f"There is nothing of {env.name} in {env.aws.region}, but in {' and '.join(found)}; nothing was changed.",
            next_step=f"Set aws.region back to {found[0]}, and run teardown again.",
        )


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
