"""Lives the whole life of an environment on this machine: deploy, initialise, run DAGs, look at it, take it down.

The compiled templates run on an embedded AWS, every container as a process tree of its own, the database as a real
PostgreSQL, Airflow as itself. Needs Linux; no AWS account, no Docker, no root. What is done is told on stderr, and
with --json on stdout; it ends with 0 only if everything succeeded and nothing is left.

With --keep it stays up after the checks and prints the lines that point any AWS tool at it:

    eval "$(windsock rehearse env.yaml --keep)"
    aws cloudformation list-stacks
    windsock teardown env.yaml
"""

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from acceptance.checks import Target, observe, sample_dags
from acceptance.emulated_aws import (
    VirtualenvImages,
    build_environments,
    exports,
    front_door,
    provider_of,
    running_emulator,
    session_of,
)
from acceptance.schedule_checks import ScheduleTarget, check_schedule
from acceptance.sessions import directory_of, find_named, refuse_second, sweep
from acceptance.steps import StepRefusal, Steps
from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_yaml
from cli.compiling.linting import refuse_findings
from cli.compiling.selected_environment import selected, selected_words
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from compiler.compile import compile_environment
from compiler.contract import redirect_uris
from deployer.access.oauth_client import Client, ClientRefusal, set_client
from deployer.aws.inventory import inventory
from deployer.deploy import deploy
from deployer.teardown import teardown
from rehearsal.clients.oidc_provider import Provider
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment
from spec.sections.auth import Password

WEB_PORT = 8080
ENDPOINT_PORT = 4566


@dataclass(frozen=True)
class _Play:
    """What all acts share."""

    call: Call
    compiled: Compiled
    steps: Steps

    @property
    def env(self) -> Environment:
        """The environment that is rehearsed."""
        return self.compiled.env


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
    parser.add_argument("--json", action="store_true", help="print what was done and seen as JSON")


def run(call: Call) -> int:
    """Rehearse and return the exit code."""
    if call.options.stop:
        return _stop(call)
    steps = Steps(call.screen.say)
    with steps.step("compile", f"Compiling {call.options.env}") as notes:
        compiled = compile_yaml(Path(call.options.env), call.options.branch)
        refuse_findings(compiled, cache_root(call.variables))
        notes.saw = f"{len(compiled.templates.files)} templates, no findings"
    with interruptible("The rehearsal has ended, and nothing of it is left."):
        _perform(_Play(call, compiled, steps))
    return 0


def _perform(play: _Play) -> None:
    options, cache = play.call.options, cache_root(play.call.variables)
    sweep(cache)
    directory = directory_of(cache, play.env.name, kept=options.keep)
    refuse_second(directory, play.env.name)
    with play.steps.step("environments", "Finding or building the Python environments that stand for images") as notes:
        environments = build_environments(play.env, Path.cwd(), cache / "environments")
        notes.saw = environments.airflow.name
    if environments.database:
        named = play.env.database
        play.call.screen.say(f"{environments.database.server} stands in for {named.facts.title} {named.version}.")
    ports = (options.port, options.endpoint_port)
    with running_emulator(play.env, environments, directory, play.steps, ports=ports, keep=options.keep) as emulator:
        with ExitStack() as doors:
            stay = _live(play, emulator, VirtualenvImages(emulator, environments.airflow), doors)
            if options.keep:
                _hand_over(play, emulator)
                return
            check_schedule(stay, play.steps)
        left = _take_down(play, emulator)
    with play.steps.step("left-overs", "Looking for left-overs") as notes:
        left += emulator_session.leftovers(emulator)
        notes.saw = "nothing is left" if not left else f"{len(left)} things are left"
    _conclude(play, left)


def _live(play: _Play, emulator: EmulatorSession, images: VirtualenvImages, doors: ExitStack) -> ScheduleTarget:
    env, steps = play.env, play.steps
    home = Path(env.airflow.home)
    session, provider = session_of(env, emulator), provider_of(env, emulator)
    if provider:
        _store_client(play, emulator, images, provider)
    with steps.step("deploy", "Deploying, as to AWS") as notes, play.call.screen.progress(env.name) as progress:
        deployment = deploy(
            env,
            play.compiled.templates,
            session,
            images=images,
            progress=progress,
            airflow_home=home,
            web_url=emulator.web_url,
        )
        notes.saw = ", ".join(f"{service.process} healthy" for service in deployment.health.services)
    url = doors.enter_context(front_door(env, session, deployment.outputs, emulator))
    target = Target(env, session, deployment.outputs, url, home, provider)
    dags = tuple(play.call.options.dag or sample_dags(home))
    return ScheduleTarget(target, emulator, observe(target, dags, steps), next(iter(dags), None))


def _store_client(play: _Play, emulator: EmulatorSession, images: VirtualenvImages, provider: Provider) -> None:
    """Deploy without an OAuth client, which is refused; then register one for the address that the refusal gives."""
    env, session = play.env, session_of(play.env, emulator)
    with play.steps.step("client", "Deploying without an OAuth client, then storing one") as notes:
        try:
            with play.call.screen.progress(env.name) as progress:
                deploy(
                    env,
                    play.compiled.templates,
                    session,
                    images=images,
                    progress=progress,
                    airflow_home=Path(env.airflow.home),
                    web_url=emulator.web_url,
                )
        except ClientRefusal:
            client_id, secret = provider.register(*redirect_uris(env))
            set_client(env, session, _client(env), Client(client_id, secret))
            notes.saw = f"refused; registered {', '.join(redirect_uris(env))}"
        else:
            raise StepRefusal("A deploy switched services on that nobody could log in to.")


def _client(env: Environment) -> str:
    return "" if isinstance(env.auth, Password) else env.auth.client


def _take_down(play: _Play, emulator: EmulatorSession) -> tuple[str, ...]:
    """Take everything down and return what AWS still lists."""
    env, session = play.env, session_of(play.env, emulator)
    bare = compile_environment(env.model_copy(update={"protect": False}))
    with play.steps.step("teardown", "Taking it down") as notes, play.call.screen.progress(env.name) as progress:
        # The database of a rehearsal is nobody's state, so its protection may be lifted without being asked.
        receipt = teardown(env, session, progress=progress, unprotect=env.name, unprotected=bare)
        left = tuple(inventory(session))
        notes.saw = f"{len(receipt.deleted)} things deleted, AWS lists {len(left) or 'none'}"
    return left


def _hand_over(play: _Play, emulator: EmulatorSession) -> None:
    screen = play.call.screen
    variables = exports(play.env, emulator)
    if play.call.options.json:
        screen.data(json.dumps({"variables": variables, **_proof(play)}, indent=2))
    else:
        screen.data("\n".join(f"export {name}={value}" for name, value in variables.items()))
    if play.env.web.domain:
        site = f"https://{play.env.web.domain}"
        screen.say(
            f"A browser whose proxy is {emulator.web_url} meets {site}, with a certificate of the rehearsal's own."
        )
    at = "by `windsock tunnel` alone" if play.env.web.load_balancer == "none" else f"at {emulator.web_url}"
    screen.say(f"Airflow answers {at} and AWS at {emulator.endpoint_url}.")
    screen.say(f"`windsock teardown {selected_words(play.call)}` with these variables set takes everything down.")


def _conclude(play: _Play, left: tuple[str, ...]) -> None:
    if play.call.options.json:
        play.call.screen.data(json.dumps({**_proof(play), "left": left}, indent=2))
    if left:
        raise StepRefusal("The rehearsal left something behind.", why="\n".join(left))
    play.call.screen.say(f"Rehearsed {play.env.name} in {play.steps.seconds:.1f} s; nothing is left.")


def _proof(play: _Play) -> dict[str, object]:
    return {
        "environment": play.env.name,
        "airflow": play.env.airflow.version,
        "seconds": round(play.steps.seconds, 2),
        "acts": [asdict(act) for act in play.steps.acts],
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
