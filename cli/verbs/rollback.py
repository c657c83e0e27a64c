"""Goes back to an earlier release of the code, in seconds and without CloudFormation.

Without RELEASE it is the one that was current before; the first digits of its name are enough. Runs that have begun
keep the release that they began with. --dry-run only says what would differ. With `code.delivery: efs` it takes as
long as the task that switches to the release on the file system.

    windsock rollback
    windsock rollback --dry-run 4f2a9c
"""

from cli.aws_access.account import open_aws, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_events, add_json, add_wait
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from deployer.rollback import RolledBack, rollback

_SHOWN = 12


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("release", metavar="RELEASE", nargs="?", default="", help="the first digits of a release")
    parser.add_argument("--dry-run", action="store_true", help="only say which files would differ")
    add_wait(parser)
    add_json(parser)
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Go back, and say what differs; 1 where Airflow cannot import a file of that release."""
    env = selected(call)
    session = open_aws(call, env)
    with call.screen.progress(env.name) as progress:
        done = rollback(
            env,
            session,
            progress=progress,
            release=call.options.release,
            web_url=web_url(call),
            dry_run=call.options.dry_run,
            wait=call.options.wait,
        )
    errors = tuple(map(str, done.report.errors)) if done.report else ()
    if call.options.json or call.screen.events:
        call.screen.result(_facts(env.name, done, errors), "", as_json=True)
        return 1 if errors else 0
    for path in done.changes.put:
        call.screen.data(f"+ {path}")
    for path in done.changes.deleted:
        call.screen.data(f"- {path}")
    for error in errors:
        call.screen.warn(error)
    verb = "would be" if call.options.dry_run else "is"
    call.screen.say(f"Release {done.manifest.release[:_SHOWN]} {verb} current.")
    return 1 if errors else 0


def _facts(name: str, done: RolledBack, errors: tuple[str, ...]) -> dict[str, object]:
    return {
        "environment": name,
        "release": done.manifest.release,
        "commit": done.manifest.commit,
        "changed": list(done.changes.put),
        "removed": list(done.changes.deleted),
        "restarted": done.restarted,
        "errors": list(errors),
    }
