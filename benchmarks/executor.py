"""Measures the overhead of a worker, step by step: the same DAGs on the same rehearsal, with either executor.

python -m benchmarks.executor            # all of it: a quarter of an hour on two processors
python -m benchmarks.executor thirty     # without the hundred tasks
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import yaml

from acceptance.sessions import directory_of
from benchmarks.kept_site import visit
from cli.terminal.cache_dir import cache_root
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure
from rehearsal.emulator.rules.fault_injection import CONTAINER_RUNS, trail
from spec.environment import Environment
from spec.reading.load import load

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / "tests" / "life" / "workers-3.3.yaml"
PAGE = ROOT / "docs" / "executor-figures.md"
SINGLE_RUNS = 5
BATCHES = {"thirty": 30, "hundred": 100}
STEPS = (
    "queued by the scheduler until it calls RunTask",
    "RunTask until the container runs",
    "container runs until Airflow's first line: Python and the imports of Airflow",
    "Airflow's first line until the first line of user code: the API, plugins, the DAG file",
)
LIMIT_SECONDS = 1200.0
STAMP = re.compile(r"started at (\d+\.\d+)")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A kept rehearsal: its web server, its AWS session and its directory."""

    env: Environment
    client: AirflowClient
    session: Session
    outputs: Outputs
    directory: Path


@dataclass(frozen=True)
class Figures:
    """One executor: seconds from queue to user code by step, for each run; seconds and ECS calls of each batch."""

    steps: tuple[tuple[float, ...], ...]
    batches: dict[str, float]
    calls: dict[str, Counter[str]]

    @property
    def overhead(self) -> float:
        """Seconds from queue to user code."""
        return statistics.median(map(sum, self.steps))


def main() -> None:
    """Measure both and write the page."""
    batches = tuple(sys.argv[1:]) or tuple(BATCHES)
    with tempfile.TemporaryDirectory() as folder:
        local = _measure(_with_local_executor(Path(folder)), batches)
    PAGE.write_text(_page(local, _measure(ENVIRONMENT, batches)), encoding="utf-8")


def _with_local_executor(folder: Path) -> Path:
    document = yaml.safe_load(ENVIRONMENT.read_text(encoding="utf-8"))
    document["name"] = "without-workers"
    document["airflow"]["executor"] = "local"
    document["services"]["scheduler"] = {"cpu": 4096, "memory": 8192}
    del document["workers"]
    file = folder / "env.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return file


def _measure(file: Path, dags: tuple[str, ...]) -> Figures:
    with _kept(file) as variables:
        site = _site(load(file), variables)
        singles = [_single(site) for _ in range(SINGLE_RUNS)]
        batches, calls = {}, {}
        for dag in dags:
            before = len(trail(site.directory))
            batches[dag] = _batch(site.client, dag)
            calls[dag] = Counter(what for _, what in trail(site.directory)[before:] if what != CONTAINER_RUNS)
    return Figures(tuple(map(_differences, singles)), batches, calls)


def _differences(times: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(later - earlier for earlier, later in pairwise(times))


@contextmanager
def _kept(file: Path) -> Iterator[dict[str, str]]:
    windsock = str(Path(sys.executable).parent / "windsock")
    rehearse = [windsock, "rehearse", str(file), "--keep", "--port", "0", "--endpoint-port", "0", "--dag", "single"]
    printed = subprocess.run(rehearse, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    try:
        yield dict(re.findall(r"^export (\w+)=(\S+)$", printed, re.MULTILINE))
    finally:
        subprocess.run([windsock, "rehearse", str(file), "--stop"], cwd=ROOT, check=True)


def _site(env: Environment, variables: dict[str, str]) -> Site:
    kept = visit(env, variables)
    directory = directory_of(cache_root(os.environ), env.name, kept=True)
    return Site(env=env, client=kept.client, session=kept.session, outputs=kept.outputs, directory=directory)


def _single(site: Site) -> tuple[float, ...]:
    """Run one task; return when it was queued, its worker was requested, ran and logged, and user code ran."""
    run = _run(site.client, "single")
    queued = datetime.fromisoformat(site.client.task("single", run, "stamp")["queued_when"]).timestamp()
    end = time.monotonic() + LIMIT_SECONDS
    while not (stamp := STAMP.search(site.client.task_log("single", run, "stamp"))):
        if time.monotonic() > end:
            raise TimeoutError("the task has no log")
        time.sleep(0.2)
    return (queued, *(_of_worker(site, queued) if site.env.executor.has_workers else ()), float(stamp.group(1)))


def _of_worker(site: Site, queued: float) -> tuple[float, float, float]:
    """Return when the only worker since then was requested, when it ran, and when it logged its first line."""
    later = [entry for entry in trail(site.directory) if entry[0] > queued]
    requested, started = (
        next(when for when, what in later if what == wanted) for wanted in ("RunTask", CONTAINER_RUNS)
    )
    group = site.outputs.log_groups["worker"]
    return requested, started, next(line.time for line in site.session.logs.lines(group, since=started))


def _batch(client: AirflowClient, dag: str) -> float:
    start = time.monotonic()
    _run(client, dag)
    return time.monotonic() - start


def _run(client: AirflowClient, dag: str) -> str:
    """Run a DAG until it succeeds; raises RuntimeError when it fails or takes too long."""
    end = time.monotonic() + LIMIT_SECONDS
    while True:
        try:
            client.unpause(dag)
            break
        except AirflowClientFailure:
            time.sleep(0.5)
    run = client.trigger(dag)
    while (state := _state(client, dag, run)) != "success":
        if state == "failed" or time.monotonic() > end:
            raise RuntimeError(f"{dag} is {state}")
        time.sleep(0.2)
    return run


def _state(client: AirflowClient, dag: str, run: str) -> str:
    """Return the state of a run, or `unknown` while the web server is too busy to answer."""
    try:
        return client.run_state(dag, run)
    except AirflowClientFailure:
        return "unknown"


def _page(local: Figures, ecs: Figures) -> str:
    env = load(ENVIRONMENT)
    side_by_side = env.airflow.config["core"]["parallelism"]
    names = {dag: f"{tasks} short tasks, {min(tasks, side_by_side)} at a time" for dag, tasks in BATCHES.items()}
    lines = [
        "# Figures of the ECS executor",
        "",
        "Written by `python -m benchmarks.executor`: a rehearsal on this machine, where a worker starts at once. On",
        "AWS the start of a Fargate task comes on top of every worker.",
        "",
        f"Airflow {env.airflow.version}, {os.cpu_count()} processors; a single task: the median of {SINGLE_RUNS} runs.",
        "",
        *_tables(local, ecs, names),
    ]
    return "\n".join(lines) + "\n"


def _tables(local: Figures, ecs: Figures, names: dict[str, str]) -> Iterator[str]:
    yield "| | local executor | ECS executor | ratio |"
    yield "|---|---|---|---|"
    yield _row("seconds from queued to the first line of user code", local.overhead, ecs.overhead)
    for dag in ecs.batches:
        yield _row(f"seconds for {names[dag]}", local.batches[dag], ecs.batches[dag])
    yield from ("", "Where the time of a single task goes:", "", "| step | seconds |", "|---|---|")
    for step, *times in zip(STEPS, *ecs.steps, strict=True):
        yield f"| {step} | {statistics.median(times):.1f} |"
    yield from ("", "Calls of the scheduler to ECS:", "", "| | calls for each task | of them |", "|---|---|---|")
    for dag, calls in ecs.calls.items():
        yield f"| {names[dag]} | {_calls(calls, BATCHES[dag])} |"


def _row(what: str, local: float, ecs: float) -> str:
    return f"| {what} | {local:.1f} | {ecs:.1f} | {ecs / local:.1f} |"


def _calls(calls: Counter[str], tasks: int) -> str:
    each = ", ".join(f"{count} {action}" for action, count in sorted(calls.items()))
    return f"{sum(calls.values()) / tasks:.1f} | {each}"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
