"""Says whether an environment is healthy, which versions run, and where its parts are.

With --follow it shows what another run does, from any terminal, until that ends.

It says which services have another number of tasks by hand, when the environment deletes itself, and when it starts or
stops by its schedule. The exit code is 0 when it is healthy, or asleep outside its office hours, else 1. What is wrong
is explained as by `windsock diagnose`.
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from cli.aws_access.account import open_aws, page_url, password_hint, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_events, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.diagnosing.diagnosis_page import diagnosis_data, diagnosis_text
from cli.diagnosing.explained import diagnosed, document_of
from cli.terminal.interruption import interruptible
from cli.terminal.screen import columns
from deployer.aws.session import Session
from deployer.diagnosis.cause import Diagnosis
from deployer.diagnosis.evidence import ABSENT
from deployer.lifetime.ttl import wall, words
from deployer.rejoin import rejoin
from deployer.status import Status, status
from spec.environment import Environment

GOES_ON = "What the other run does goes on."


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--drift",
        action="store_true",
        help="let CloudFormation look for everything that somebody changed by hand, for a minute or more",
    )
    parser.add_argument(
        "--follow", action="store_true", help="first show what another run does to the environment, until it ends"
    )
    add_json(parser)
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Print the status."""
    env = selected(call)
    session = open_aws(call, env)
    if call.options.follow:
        _follow(call, env, session)
    seen = _as_met_here(call, status(env, session, web_url=web_url(call), closely=call.options.drift))
    explains = not seen.well and seen.stack != ABSENT
    diagnosis = diagnosed(call, env, session) if explains else None
    if call.options.json or call.screen.events:
        causes = _causes(call, diagnosis) if diagnosis else []
        facts = {**dataclasses.asdict(seen), "well": seen.well, "causes": causes}
        call.screen.result(json.loads(json.dumps(facts, default=str)), "", as_json=True)
    else:
        call.screen.page(status_text(seen))
        if diagnosis and not diagnosis.well:
            call.screen.page(f"\n{diagnosis_text(diagnosis, document_of(call), selected_arguments(call))}")
    return 0 if seen.well else 1


def _follow(call: Call, env: Environment, session: Session) -> None:
    with interruptible(GOES_ON), call.screen.progress(env.name) as progress:
        going = rejoin(env, session, progress)
    call.screen.say(f"{env.name} is at rest." if going else f"Nothing changes {env.name} now.")


def _as_met_here(call: Call, seen: Status) -> Status:
    """Return the status with the address and the command for the password as they are from this machine."""
    if seen.url:
        seen = dataclasses.replace(seen, url=page_url(call, seen.name, seen.url))
    if seen.password_command:
        seen = dataclasses.replace(seen, password_command=password_hint(call, seen.password_command))
    return seen


def _causes(call: Call, diagnosis: Diagnosis) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = diagnosis_data(diagnosis, document_of(call), selected_arguments(call))["causes"]
    return found


def status_text(seen: Status) -> str:
    """Return the facts in columns, then the services."""
    if seen.stack == ABSENT:
        return f"{seen.name} is not deployed in {seen.region}."
    facts = [
        ("environment", seen.name),
        ("stack", f"{seen.stack}  {seen.reason}".rstrip()),
        ("health", _health(seen)),
        ("url", seen.url),
        ("airflow", seen.airflow_version),
        ("image", seen.image),
        ("code", seen.code_version),
        ("username", seen.admin_username),
        ("password", seen.password_command),
        ("expires", words(seen.expires) if seen.expires else ""),
        ("hours", _hours(seen)),
        ("alarm", seen.alarm),
        ("imports", _imports(seen)),
        ("missing", ", ".join(seen.missing) + "; `windsock deploy --repair` makes it again" if seen.missing else ""),
        ("former", f"{', '.join(seen.former)}; paid until database.former leaves the YAML" if seen.former else ""),
    ]
    return "\n\n".join([columns([fact for fact in facts if fact[1]]), *_by_hand(seen), *_services(seen)])


def _by_hand(seen: Status) -> Iterator[str]:
    if seen.by_hand:
        yield "\n  ".join(["Changed by hand; `windsock diff` says what a deploy makes of it", *seen.by_hand])


def _services(seen: Status) -> Iterator[str]:
    """Yield the services with their counts, then what is wrong with them."""
    if seen.health:
        rows = [("PROCESS", "DESIRED", "RUNNING", "HEALTHY", "ROLLOUT")]
        rows += [
            (service.process, str(service.desired), str(service.running), str(service.healthy), service.rollout)
            for service in seen.health.services
        ]
        yield columns(rows)
        if seen.health.complaints and not seen.asleep:
            yield "\n".join(seen.health.complaints)


def _health(seen: Status) -> str:
    if seen.asleep:
        return f"asleep until {wall(seen.change)}" if seen.change else "asleep"
    return "healthy" if seen.well else "not healthy"


def _imports(seen: Status) -> str:
    """Count the files that Airflow cannot import, and name the first."""
    errors = seen.import_errors
    return f"{len(errors)} files cannot be imported, the first: {errors[0]}" if errors else ""


def _hours(seen: Status) -> str:
    if seen.change is None or seen.asleep:
        return ""
    return f"awake until {wall(seen.change)}" if seen.awake_by_plan else f"over until {wall(seen.change)}, but awake"
