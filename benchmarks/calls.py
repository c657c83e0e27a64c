"""Counts what deploy, push and teardown ask AWS for, and their seconds, against the embedded AWS of this machine."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acceptance.emulated_aws import VirtualenvImages, build_virtualenvs, session_of
from acceptance.sessions import find_named
from cli.terminal.cache_dir import cache_root
from cli.terminal.progress_lines import Lines
from compiler.compile import compile_environment
from deployer.aws.polling import AWS, Clock
from deployer.aws.session import Session
from deployer.deploy import deploy
from deployer.push import push
from deployer.teardown import teardown
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment
from spec.reading.load import load

MOST = 3
"""So many operations of a verb are named: those that it calls most."""
WAITS = (1, 5, 10, 30)
NEW_DAG = "# nothing to run\n"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one verb took: its seconds, and how often it called each operation."""

    verb: str
    seconds: float
    calls: Counter[str]


def calls(environment: Path) -> Iterator[str]:
    """Take an environment down, deploy it, deploy it again and push to it; yield the lines of a table."""
    env = load(environment)
    with _kept(environment, env) as emulator, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "airflow_home"
        shutil.copytree(env.airflow.home, home, ignore=shutil.ignore_patterns("__pycache__"))
        costs = tuple(_costs(env, emulator, home))
    yield f"## Calls to AWS, for `{environment.name}`"
    yield ""
    yield "Against the embedded AWS, whose resources are there at once: on AWS, a longer deploy asks more"
    yield "often how far its stacks are. The first deploy makes the bootstrap stack of the account too, and the"
    yield "teardown deletes it."
    yield ""
    yield "| | calls | seconds | most of them |"
    yield "|---|---|---|---|"
    for cost in costs:
        most = ", ".join(f"{count} {operation}" for operation, count in cost.calls.most_common(MOST))
        yield f"| {cost.verb} | {cost.calls.total()} | {cost.seconds:.1f} | {most} |"
    yield from _waits()


def _waits() -> Iterator[str]:
    yield ""
    yield "Most calls of a deploy to AWS are looks at what is not ready yet: the longer it takes, the fewer a minute."
    yield "Each is at the root stack, and every fourth at a nested stack in which nothing happens."
    yield ""
    yield "| what takes, minutes | looks | looks a minute |"
    yield "|---|---|---|"
    for minutes in WAITS:
        count = looks(AWS, minutes * 60)
        yield f"| {minutes} | {count} | {count / minutes:.1f} |"


def looks(pace: Clock, seconds: float) -> int:
    """Return how many looks at that pace are taken at what is there after so many seconds."""
    passed = [0.0]
    clock = replace(pace, now=lambda: passed[-1], sleep=lambda wait: passed.append(passed[-1] + wait))
    clock.until(lambda: passed[-1] >= seconds or None, limit=2 * seconds)
    return len(passed)


def _costs(env: Environment, emulator: EmulatorSession, home: Path) -> Iterator[Cost]:
    counted: Counter[str] = Counter()
    session, templates, quiet = _counting(session_of(env, emulator), counted), compile_environment(env), Lines(_silent)
    airflow = build_virtualenvs(env, Path.cwd(), cache_root(os.environ) / "environments").airflow
    images = VirtualenvImages(emulator, airflow, env.fargate.architecture)

    def roll_out() -> None:
        deploy(env, templates, session, images=images, progress=quiet, airflow_home=home, web_url=emulator.web_url)

    def change_and_push() -> None:
        (home / "dags" / "pushed.py").write_text(NEW_DAG, encoding="utf-8")
        push(env, session, progress=quiet, airflow_home=home, web_url=emulator.web_url)

    def take_down() -> None:
        teardown(env, session, progress=quiet)

    take_down()
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("first deploy", roll_out),
        ("deploy, nothing changed", roll_out),
        ("push of one file", change_and_push),
        ("teardown", take_down),
    )
    for verb, run in steps:
        counted.clear()
        start = time.monotonic()
        run()
        yield Cost(verb=verb, seconds=time.monotonic() - start, calls=Counter(counted))


def _counting(session: Session, counted: Counter[str]) -> Session:
    """Return a session like another whose clients count their calls; a retry belongs to its call."""

    def count(model: Any, **_: Any) -> None:
        counted[model.name] += 1

    def client(service: str) -> Any:
        made = session.client(service)
        made.meta.events.register("before-call", count)
        return made

    return replace(session, client=client)


@contextmanager
def _kept(environment: Path, env: Environment) -> Iterator[EmulatorSession]:
    rehearse = [str(Path(sys.executable).parent / "windsock"), "rehearse", str(environment)]
    subprocess.run([*rehearse, "--keep", "--port", "0", "--endpoint-port", "0"], check=True, stdout=subprocess.DEVNULL)
    try:
        emulator = find_named(cache_root(os.environ), env.name)
        if emulator is None:
            raise SystemExit(f"No rehearsal of {env.name} was kept.")
        yield emulator
    finally:
        subprocess.run([*rehearse, "--stop"], check=True, stdout=subprocess.DEVNULL)


def _silent(_: str) -> None:
    """Print nothing."""
