"""Rehearses an environment on this machine: deploys it, runs DAGs, checks it from outside, and takes it down.

The compiled templates run on an embedded AWS. Each container is a process tree of its own, with a real PostgreSQL and
a real Airflow. Needs Linux, but no AWS account, no Docker and no root. Progress goes to stderr; --json prints the steps
on stdout, and --events each as it begins. The exit code is 0 only if everything succeeded and nothing is left.

It runs the DAGs that `rehearse.dags` of the YAML names, else those with the tag `rehearse`; --dag names others.

With --keep it goes on running after the checks, also when one of them failed. Every verb finds it by itself then, and
goes to AWS with --aws only. --again checks it once more, without deploying:

    windsock rehearse env.yaml --keep
    windsock push env.yaml
    windsock rehearse env.yaml --again
    windsock rehearse env.yaml --stop

For other tools of AWS it prints the variables that lead to it: eval "$(windsock rehearse env.yaml --keep)".
"""

from dataclasses import asdict
from pathlib import Path

from acceptance.emulated_aws import exports
from acceptance.run import Rehearsal, check_again, keep, rehearse
from acceptance.sessions import find_named
from acceptance.steps import StepRefusal
from cli.command_line.parser import Parser, add_environment, add_events
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.compiling.linting import refuse_findings
from cli.compiling.selected_environment import selected, selected_arguments
from cli.rehearsing.addresses import tell_addresses
from cli.rehearsing.arguments import add_ports, rehearsal_of, steps_of
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from spec.errors import Refusal


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--keep", action="store_true", help="leave it running, also after a failure, and print how to reach it"
    )
    parser.add_argument("--again", action="store_true", help="check a kept rehearsal as it is now, without deploying")
    parser.add_argument("--stop", action="store_true", help="end a kept rehearsal at once, whatever is in it")
    parser.add_argument(
        "--dag",
        action="append",
        metavar="ID",
        help="run this DAG instead of those that the YAML or a tag names; repeatable",
    )
    add_ports(parser)
    parser.add_argument("--json", action="store_true", help="print the steps and what was seen as JSON")
    add_events(parser)


def run(call: Call) -> int:
    """Rehearse and return the exit code."""
    if call.options.stop:
        return _stop(call)
    steps = steps_of(call)
    with steps.step("compile", f"Compiling {call.options.env}") as notes:
        compiled = compile_yaml(Path(call.options.env), call.options.branch)
        refuse_findings(compiled, cache_root(call.variables))
        notes.saw = f"{len(compiled.templates.files)} templates, no findings"
    rehearsal = rehearsal_of(call, compiled, steps, tuple(call.options.dag or ()))
    if call.options.again:
        return _again(call, rehearsal)
    with interruptible("The rehearsal has ended, and nothing of it is left."):
        if call.options.keep:
            _keep(call, rehearsal)
        else:
            _conclude(call, rehearsal, rehearse(rehearsal))
    return 0


def _for_program(call: Call) -> bool:
    return bool(call.options.json or call.screen.events)


def _keep(call: Call, rehearsal: Rehearsal) -> None:
    """Rehearse and say how to reach what is kept; after a failure too, if it came as far as that."""
    before = find_named(rehearsal.options.cache, rehearsal.env.name)
    try:
        with keep(rehearsal) as emulator:
            _hand_over(call, rehearsal, emulator)
    except (Refusal, RehearsalFailure):
        kept = find_named(rehearsal.options.cache, rehearsal.env.name)
        if kept and kept != before:
            _hand_over(call, rehearsal, kept)
        raise


def _again(call: Call, rehearsal: Rehearsal) -> int:
    """Check what is kept."""
    name = rehearsal.env.name
    emulator = find_named(rehearsal.options.cache, name)
    if emulator is None:
        raise Refusal(
            f"No rehearsal of {name} is being kept.",
            next_step=f"Keep one: `windsock rehearse {selected_arguments(call)} --keep`.",
        )
    check_again(rehearsal, emulator)
    if _for_program(call):
        call.screen.result(_proof(rehearsal), "", as_json=True)
    _remind(call, rehearsal)
    call.screen.say(f"Checked {name} again in {rehearsal.steps.seconds:.1f} s; it goes on.")
    return 0


def _remind(call: Call, rehearsal: Rehearsal) -> None:
    for sentence in rehearsal.steps.remarks:
        call.screen.warn(sentence)


def _hand_over(call: Call, rehearsal: Rehearsal, emulator: EmulatorSession) -> None:
    screen = call.screen
    variables = exports(rehearsal.env, emulator)
    if _for_program(call):
        screen.result({"variables": variables, **_proof(rehearsal)}, "", as_json=True)
    else:
        screen.data("\n".join(f"export {name}={value}" for name, value in variables.items()))
    this = selected_arguments(call)
    following = (
        ("next", f"windsock push {this}, then windsock rehearse {this} --again"),
        ("end", f"windsock teardown {this}, or at once: windsock rehearse {this} --stop"),
    )
    tell_addresses(call, rehearsal.env, emulator, following)
    _remind(call, rehearsal)


def _conclude(call: Call, rehearsal: Rehearsal, left: tuple[str, ...]) -> None:
    if _for_program(call):
        call.screen.result({**_proof(rehearsal), "left": left}, "", as_json=True)
    if left:
        raise StepRefusal("The rehearsal left something behind.", why="\n".join(left))
    _remind(call, rehearsal)
    call.screen.say(f"Rehearsed {rehearsal.env.name} in {rehearsal.steps.seconds:.1f} s; nothing is left.")


def _proof(rehearsal: Rehearsal) -> dict[str, object]:
    return {
        "environment": rehearsal.env.name,
        "airflow": rehearsal.env.airflow.version,
        "seconds": round(rehearsal.steps.seconds, 2),
        "acts": [asdict(step) for step in rehearsal.steps.done],
    }


def _stop(call: Call) -> int:
    env = selected(call)
    emulator = find_named(cache_root(call.variables), env.name)
    if emulator is None:
        call.screen.say(f"No rehearsal of {env.name} is being kept.")
        return 0
    emulator_session.stop(emulator)
    call.screen.say(f"Ended the rehearsal of {env.name}.")
    return 0
