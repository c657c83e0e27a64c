"""Rehearses an upgrade with a dump of the real database, and tells what became of its rows."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from acceptance.databases import begins_empty
from acceptance.run import Options, Rehearsal
from acceptance.steps import Steps
from acceptance.upgrades.dumped_database import LASTING
from acceptance.upgrades.rehearse_upgrade import Dump, Upgraded, rehearse_upgrade
from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from cli.rehearsing.arguments import steps_of
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from cli.terminal.screen import columns
from cli.upgrading.target_yaml import at_release
from compiler.compile import compile_environment
from spec.environment import Environment
from spec.errors import Refusal
from spec.reading.branches import for_branch
from spec.reading.load import parse, text_of
from spec.reading.positioned_yaml import read
from spec.releases.table import Release


class RowsLost(Refusal):
    """An upgrade took rows away that had to stay."""


def rehearse_with_dump(call: Call, env: Environment, release: Release) -> None:
    """Rehearse the upgrade of `env` to `release`, and print what was seen.

    Raises `Refusal` where it fails, or where rows are lost.
    """
    file = Path(call.options.from_dump)
    if not file.is_file():
        raise UsageRefusal(f"There is no file {file}.", next_step="Name a dump: `pg_dump -Fc -f FILE ...`.")
    key = call.screen.secret("Fernet key of the dump").strip() if call.options.fernet_key else ""
    steps = steps_of(call)
    old = _rehearsal(call, env, steps)
    new = _rehearsal(call, environment_at(call, release), steps)
    with interruptible("The rehearsal has ended, and nothing of it is left."):
        seen = rehearse_upgrade(old, new, Dump(file=file, key=key))
    facts = {"environment": env.name, **asdict(seen), "lost": seen.lost}
    call.screen.result(facts, columns([("TABLE", "BEFORE", "AFTER"), *table(seen)]), as_json=call.options.json)
    sentence = judge(env.airflow.version, release.version, seen)
    if not key:
        call.screen.warn("Without --fernet-key nobody looked whether connections and variables can be read.")
    call.screen.say(sentence)


def environment_at(call: Call, release: Release) -> Environment:
    """Return the environment as its YAML would describe it at another release."""
    path = Path(call.options.env)
    text = text_of(path)
    return for_branch(parse(at_release(text, read(text, str(path)), release), str(path)), call.options.branch)


def _rehearsal(call: Call, env: Environment, steps: Steps) -> Rehearsal:
    project = Path(call.options.env).parent.absolute()
    empty = begins_empty(env)
    return Rehearsal(
        env=empty,
        templates=compile_environment(empty),
        steps=steps,
        options=Options(checkout=project, home=project / env.airflow.home, cache=cache_root(call.variables)),
        progress=call.screen.progress,
    )


def table(seen: Upgraded) -> Iterator[tuple[str, str, str]]:
    """Yield the tables that had rows, those first that must keep them."""
    for name in sorted(seen.before, key=lambda name: (name not in LASTING, name)):
        if seen.before[name]:
            yield name, str(seen.before[name]), str(seen.after.get(name, "gone"))


def judge(before: str, after: str, seen: Upgraded) -> str:
    """Return the sentence about an upgrade that lost nothing. Raises `RowsLost`."""
    if seen.lost:
        raise RowsLost(f"The upgrade from Airflow {before} to {after} lost rows of {', '.join(seen.lost)}.")
    read_them = f", and the key reads all {seen.encrypted} encrypted values" if seen.encrypted else ""
    return (
        f"Airflow {before} -> {after} in {seen.seconds:.0f} s on this machine, from drain to healthy: none of "
        f"{len(LASTING)} tables lost a row{read_them}. Nothing of the rehearsal is left."
    )
