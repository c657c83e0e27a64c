"""Says whether an environment is healthy, which versions run, and where its parts are.

With --follow it shows what another run does, from any terminal, until that ends.

It says which services have another number of tasks by hand, when the environment deletes itself, and when it starts or
stops by its schedule. The exit code is 0 when it is healthy, or asleep outside its office hours, else 1.
"""

import dataclasses
import json

from cli.aws_access.account import open_aws, page_url, password_hint, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_events, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.terminal.interruption import interruptible
from cli.terminal.screen import columns
from deployer.lifetime.ttl import wall, words
from deployer.rejoin import rejoin
from deployer.status import Status, status

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
        with interruptible(GOES_ON), call.screen.progress(env.name) as progress:
            going = rejoin(env, session, progress)
        call.screen.say(f"{env.name} is at rest." if going else f"Nothing changes {env.name} now.")
    seen = status(env, session, web_url=web_url(call), closely=call.options.drift)
    if seen.url:
        seen = dataclasses.replace(seen, url=page_url(call, seen.name, seen.url))
    if seen.password_command:
        seen = dataclasses.replace(seen, password_command=password_hint(call, seen.password_command))
    if call.options.json or call.screen.events:
        facts = json.loads(json.dumps({**dataclasses.asdict(seen), "well": seen.well}, default=str))
        call.screen.result(facts, "", as_json=True)
    else:
        call.screen.data(status_text(seen))
    return 0 if seen.well else 1


def status_text(seen: Status) -> str:
    """Return the facts in columns, then the services."""
    if seen.stack == "absent":
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
        ("imports", _imports(seen)),
        ("missing", ", ".join(seen.missing) + "; `windsock deploy --repair` makes it again" if seen.missing else ""),
    ]
    lines = [columns([fact for fact in facts if fact[1]])]
    if seen.by_hand:
        lines += [
            "",
            "Changed by hand; `windsock diff` says what a deploy makes of it",
            *map("  {}".format, seen.by_hand),
        ]
    if seen.health:
        rows = [("PROCESS", "DESIRED", "RUNNING", "HEALTHY", "ROLLOUT")]
        rows += [
            (service.process, str(service.desired), str(service.running), str(service.healthy), service.rollout)
            for service in seen.health.services
        ]
        complaints = () if seen.asleep else seen.health.complaints
        lines += ["", columns(rows), *([""] if complaints else []), *complaints]
    return "\n".join(lines)


def _health(seen: Status) -> str:
    if seen.asleep and seen.change:
        return f"asleep until {wall(seen.change)}"
    return "healthy" if seen.well else "not healthy"


def _imports(seen: Status) -> str:
    """Count the files that Airflow cannot import, and name the first."""
    errors = seen.import_errors
    return f"{len(errors)} files cannot be imported, the first: {errors[0]}" if errors else ""


def _hours(seen: Status) -> str:
    if seen.change is None or seen.asleep:
        return ""
    return f"awake until {wall(seen.change)}" if seen.awake_by_plan else f"over until {wall(seen.change)}, but awake"
