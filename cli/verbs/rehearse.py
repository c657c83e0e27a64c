"""Rehearses an environment on this machine: deploys it, runs DAGs, checks it from outside, and takes it down.

The compiled templates run on an embedded AWS. Each container is a process tree of its own, with a real PostgreSQL and
a real Airflow. Needs Linux, but no AWS account, no Docker and no root. Progress goes to stderr; --json prints the steps
on stdout. The exit code is 0 only if everything succeeded and nothing is left.

With --keep it goes on running after the checks, and prints the lines that point any AWS tool at it:

    eval "$(windsock rehearse env.yaml --keep)"
    aws cloudformation list-stacks
    windsock teardown env.yaml
"""

import json
from dataclasses import asdict
from pathlib import Path

from acceptance.emulated_aws import Ports, exports
from acceptance.run import Options, Rehearsal, keep, rehearse
from acceptance.sessions import find_named
from acceptance.steps import StepRefusal, Steps
from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_yaml
from cli.compiling.linting import refuse_findings
from cli.compiling.selected_environment import selected, selected_arguments
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession

WEB_PORT = 8080
ENDPOINT_PORT = 4566


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--keep", action="store_true", help="leave it running and print how to reach it")
    parser.add_argument("--stop", action="store_true", help="end a kept rehearsal at once, whatever is in it")
    parser.add_argument(
        "--dag", action="append", metavar="ID", help="run this DAG instead of the tutorials; repeatable"
    )
    parser.add_argument("--port", type=int, default=WEB_PORT, help="port of the web server; 0 takes a free one")
    parser.add_argument(
        "--endpoint-port", type=int, default=ENDPOINT_PORT, help="port of the AWS API; 0 takes a free one"
    )
    parser.add_argument("--json", action="store_true", help="print the steps and what was seen as JSON")


def run(call: Call) -> int:
    """Rehearse and return the exit code."""
    if call.options.stop:
        return _stop(call)
    steps = Steps(call.screen.say)
    with steps.step("compile", f"Compiling {call.options.env}") as notes:
        compiled = compile_yaml(Path(call.options.env), call.options.branch)
        refuse_findings(compiled, cache_root(call.variables))
        notes.saw = f"{len(compiled.templates.files)} templates, no findings"
    rehearsal = _rehearsal(call, compiled, steps)
    with interruptible("The rehearsal has ended, and nothing of it is left."):
        if not call.options.keep:
            _conclude(call, rehearsal, rehearse(rehearsal))
            return 0
        with keep(rehearsal) as emulator:
            _hand_over(call, rehearsal, emulator)
    return 0


def _rehearsal(call: Call, compiled: Compiled, steps: Steps) -> Rehearsal:
    options = call.options
    where = Options(
        checkout=compiled.project.absolute(),
        home=compiled.home.absolute(),
        cache=cache_root(call.variables),
        dags=tuple(options.dag or ()),
        ports=Ports(web=options.port, endpoint=options.endpoint_port),
    )
    return Rehearsal(
        env=compiled.env, templates=compiled.templates, steps=steps, options=where, progress=call.screen.progress
    )


def _hand_over(call: Call, rehearsal: Rehearsal, emulator: EmulatorSession) -> None:
    screen = call.screen
    variables = exports(rehearsal.env, emulator)
    if call.options.json:
        screen.data(json.dumps({"variables": variables, **_proof(rehearsal)}, indent=2))
    else:
        screen.data("\n".join(f"export {name}={value}" for name, value in variables.items()))
    if rehearsal.env.web.domain:
        site = f"https://{rehearsal.env.web.domain}"
        screen.say(
            f"A browser whose proxy is {emulator.web_url} meets {site}, with a certificate of the rehearsal's own."
        )
    at = f"at {emulator.web_url}" if rehearsal.env.web.has_load_balancer else "by `windsock tunnel` alone"
    screen.say(f"Airflow answers {at} and AWS at {emulator.endpoint_url}.")
    screen.say(f"`windsock teardown {selected_arguments(call)}` with these variables set takes everything down.")


def _conclude(call: Call, rehearsal: Rehearsal, left: tuple[str, ...]) -> None:
    if call.options.json:
        call.screen.data(json.dumps({**_proof(rehearsal), "left": left}, indent=2))
    if left:
        raise StepRefusal("The rehearsal left something behind.", why="\n".join(left))
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
