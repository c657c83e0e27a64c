"""Uploads DAGs, plugins and configuration to a running environment, without CloudFormation.

The code becomes a new release, all of it or nothing: runs that have begun keep theirs. With `code.delivery: efs` a task
then lays it on the file system. Processes restart if they must. Files that Airflow cannot import are named.
It prints its plan and asks before it changes anything on AWS; in a kept rehearsal it asks nothing.
With --check a container of its own then parses every DAG file there, and files that cannot be imported are named.
"""

from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from acceptance.dag_files import import_errors, parse_dag_files
from cli.aws_access.account import kept_of, open_aws, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_events, add_json, add_plan, add_wait
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.diagnosing.explained import explained
from cli.planning.push_page import push_data, push_page
from deployer.aws.session import Session
from deployer.push import PlannedPush, Pushed, planned_push
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack
from spec.environment import Environment


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    add_plan(parser, "--dry-run")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
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
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Push, and print which files went up and which are gone; 1 where Airflow cannot import one."""
    env = selected(call)
    yes = call.options.yes or call.options.plan or kept_of(call) is not None
    call.screen.expect_answer(yes=yes)
    session = open_aws(call, env)
    with explained(call, env, session):
        pushed = _push(call, env, session, yes=yes)
    if pushed is None:
        return 0 if call.options.plan else 1
    if call.options.check and not pushed.errors:
        pushed = replace(pushed, errors=_import_errors(call, env, session))
    if call.options.json or call.screen.events:
        call.screen.result({"environment": env.name, **asdict(pushed)}, "", as_json=True)
    else:
        _show(call, env, pushed)
    return 1 if pushed.errors else 0


def _push(call: Call, env: Environment, session: Session, *, yes: bool) -> Pushed | None:
    """Plan, show, ask and execute; None when it ends with the plan."""
    with ExitStack() as lease:
        with call.screen.progress(env.name) as progress:
            planned = lease.enter_context(
                planned_push(
                    env,
                    session,
                    progress=progress,
                    airflow_home=Path(call.options.env).parent / env.airflow.home,
                    wait=call.options.wait,
                    only_look=call.options.plan,
                )
            )
        if not _agreed(call, planned, yes=yes):
            return None
        with call.screen.progress(env.name) as progress:
            return planned.execute(progress, web_url=web_url(call), rollback_on_error=call.options.rollback_on_error)


def _agreed(call: Call, planned: PlannedPush, *, yes: bool) -> bool:
    """Show a plan, and return whether it is to be executed; one that changes nothing needs no yes."""
    if call.options.plan:
        call.screen.result(push_data(planned), push_page(planned), as_json=call.options.json)
        return False
    if not planned.plan.acts:
        return True
    call.screen.say(push_page(planned))
    agreed = call.screen.confirm(f"Push to {planned.env.name}?", yes=yes)
    if not agreed:
        call.screen.say("Nothing was changed.")
    return agreed


def _import_errors(call: Call, env: Environment, session: Session) -> tuple[str, ...]:
    call.screen.say("Parsing every DAG file there.")
    files = parse_dag_files(env, session, read_outputs(existing_stack(env, session)))
    return import_errors(files, f"{env.image.context}/requirements.txt")


def _show(call: Call, env: Environment, pushed: Pushed) -> None:
    for name in pushed.uploaded.put:
        call.screen.data(f"+ {name}")
    for name in pushed.uploaded.deleted:
        call.screen.data(f"- {name}")
    for error in pushed.errors:
        call.screen.warn(error)
    call.screen.say(summary(pushed))
    if pushed.asleep:
        known = ", ".join(pushed.added) or "what was pushed"
        waker = "deploy" if env.schedule and env.schedule.hours else "open"
        wakes = f"`windsock {waker} {selected_arguments(call)}` wakes it now."
        call.screen.say(f"{pushed.asleep} Airflow reads {known} when it wakes; {wakes}")


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
