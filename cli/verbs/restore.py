"""Takes the database of an environment back to a moment: prepares another instance with what RDS has backed up of it.

Looks whether the backups reach that moment, writes `database.restore_from` and `database.former` into the YAML, and
compiles it. Nothing is changed on AWS: the next `deploy` makes the instance beside the present one, and lets Airflow go
on with it. What was written after the moment stays in the present instance, until `former` leaves the YAML.

    windsock restore env.yaml --to 2026-11-29T07:30:00Z
    windsock deploy env.yaml
"""

from datetime import datetime
from pathlib import Path

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, add_json
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.restoring.origin_lines import origin_lines, with_lines
from cli.restoring.whole_file import rewrite
from cli.terminal.version import VERSION
from compiler.templates_out import write
from deployer.databases.moments import written
from deployer.restore import Deployed, RestoreRefusal, find_backups
from spec.environment import Environment
from spec.reading.load import load, text_of
from spec.sections.database import Rds


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--to", metavar="TIME", required=True, help="the moment, with its time zone: 2026-11-29T07:30:00Z"
    )
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Look for the backups, write the YAML and its templates, and say what a deploy does with them."""
    path, moment = Path(call.options.env), moment_of(call.options.to)
    if call.options.branch is not None:
        raise UsageRefusal(
            "The YAML speaks for the environments of all branches, and each has a database of its own.",
            next_step="Copy the YAML under another name, and restore that environment.",
        )
    env = load(path)
    deployed = find_backups(env, open_aws(call, env), moment)
    changed = _write(path, env, deployed, written(moment))
    facts = {
        "environment": env.name,
        "time": written(moment),
        "from": deployed.path,
        "instance": deployed.instance,
        "changed": changed,
    }
    said = f"{path} goes on with another instance, made of the backups of {deployed.path} at {written(moment)}."
    call.screen.result(facts, said, as_json=call.options.json)
    call.screen.say(f"What was written since stays in {deployed.path}. To go there: windsock deploy {path}")
    return 0


def moment_of(text: str) -> datetime:
    """Read a moment with its offset from UTC, cut to whole seconds; raises `UsageRefusal`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageRefusal(f"{text!r} is no moment.", next_step="Write it as 2026-11-29T07:30:00Z.") from None
    if moment.tzinfo is None:
        raise UsageRefusal(f"{text!r} does not say in which time zone.", next_step=f"Write {text}Z for UTC.")
    return moment.replace(microsecond=0)


def _write(path: Path, env: Environment, deployed: Deployed, time: str) -> list[str]:
    """Write what differs, the YAML as a whole or not at all, and return the names of the files."""
    if not isinstance(env.database, Rds):
        raise RestoreRefusal(
            f"{env.name} is to have a database of another kind.",
            next_step=f"Say database.kind: rds in {path} again: {deployed.path} is deployed.",
        )
    told, files = env.database.restore_from, []
    if told is None or (told.instance, told.time) != (deployed.instance, time):
        changed = with_lines(text_of(path), str(path), env, origin_lines(env.database, deployed, time))
        rewrite(path, changed)
        files.append(str(path))
    compiled = compile_yaml(path)
    names = write(compiled.templates, compiled.templates_folder, VERSION)
    return [*files, *(str(compiled.templates_folder / name) for name in names)]
