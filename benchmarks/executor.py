"""Measures what a worker of its own costs a task: the same DAGs, on the same rehearsal, with either executor.

python -m benchmarks.executor            # all of it: ten minutes and more, on two processors
python -m benchmarks.executor thirty     # without the larger crowd
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
from pathlib import Path

import yaml

from cli.cache import cache_root
from cli.kept import directory_of
from deployer.aws.session import open_session
from deployer.outputs import read_outputs
from rehearsal.emulator.calls import trail
from rehearsal.visitor import VisitFailure, Visitor, WebFacts
from spec.environment import Environment
from spec.load import load

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / "tests" / "life" / "workers-3.3.yaml"
PAGE = ROOT / "docs" / "executor-figures.md"
SINGLE_RUNS = 3
CROWDS = {"thirty": 30, "hundred": 100}
LIMIT_SECONDS = 1200.0
STAMP = re.compile(r"started at (\d+\.\d+)")


@dataclass(frozen=True)
class Figures:
    """One executor: seconds from queue to user code, seconds of each crowd, and calls of ECS by action."""

    overhead: tuple[float, ...]
    crowds: dict[str, float]
    calls: Counter[str]
    tasks: int


def main() -> None:
    """Measure both and write the page."""
    crowds = tuple(sys.argv[1:]) or tuple(CROWDS)
    with tempfile.TemporaryDirectory() as folder:
        local = _measure(_with_local_executor(Path(folder)), crowds)
    PAGE.write_text(_page(local, _measure(ENVIRONMENT, crowds)), encoding="utf-8")


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
    env = load(file)
    with _kept(file) as variables:
        visitor = _visitor(env, variables)
        directory = directory_of(cache_root(os.environ), env.name, kept=True)
        before = len(trail(directory))
        overhead = tuple(_overhead(visitor) for _ in range(SINGLE_RUNS))
        crowds = {dag: _crowd(visitor, dag) for dag in dags}
        calls = Counter(action for _, action in trail(directory)[before:])
    return Figures(overhead, crowds, calls, SINGLE_RUNS + sum(CROWDS[dag] for dag in dags))


@contextmanager
def _kept(file: Path) -> Iterator[dict[str, str]]:
    windsock = str(Path(sys.executable).parent / "windsock")
    rehearse = [windsock, "rehearse", str(file), "--keep", "--port", "0", "--endpoint-port", "0", "--dag", "single"]
    told = subprocess.run(rehearse, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    try:
        yield dict(re.findall(r"^export (\w+)=(\S+)$", told, re.MULTILINE))
    finally:
        subprocess.run([windsock, "rehearse", str(file), "--stop"], cwd=ROOT, check=True)


def _visitor(env: Environment, variables: dict[str, str]) -> Visitor:
    web = env.airflow.release.web
    visitor = Visitor(variables["WINDSOCK_WEB_URL"], WebFacts(web.health_path, web.api_path, web.login, ""))
    session = open_session(env.aws.region, endpoint_url=variables["AWS_ENDPOINT_URL"], access_key=env.aws.account)
    stack = session.cloudformation.stack(env.name)
    if stack is None:
        raise RuntimeError(f"there is no stack {env.name}")
    visitor.login(env.auth.first_user.username, session.secrets.read(read_outputs(stack).admin_secret))
    return visitor


def _overhead(visitor: Visitor) -> float:
    run = _run(visitor, "single")
    queued = datetime.fromisoformat(visitor.task("single", run, "stamp")["queued_when"]).timestamp()
    end = time.monotonic() + LIMIT_SECONDS
    while not (stamp := STAMP.search(visitor.task_log("single", run, "stamp"))):
        if time.monotonic() > end:
            raise TimeoutError("the task has no log")
        time.sleep(0.2)
    return float(stamp.group(1)) - queued


def _crowd(visitor: Visitor, dag: str) -> float:
    start = time.monotonic()
    _run(visitor, dag)
    return time.monotonic() - start


def _run(visitor: Visitor, dag: str) -> str:
    """Run a DAG to its good end."""
    end = time.monotonic() + LIMIT_SECONDS
    while True:
        try:
            visitor.unpause(dag)
            break
        except VisitFailure:
            time.sleep(0.5)
    run = visitor.trigger(dag)
    while (state := _state(visitor, dag, run)) != "success":
        if state == "failed" or time.monotonic() > end:
            raise RuntimeError(f"{dag} is {state}")
        time.sleep(0.2)
    return run


def _state(visitor: Visitor, dag: str, run: str) -> str:
    """Ask for the state of a run; a crowd may leave the web server no time to answer."""
    try:
        return visitor.run_state(dag, run)
    except VisitFailure:
        return "unknown"


def _page(local: Figures, ecs: Figures) -> str:
    env = load(ENVIRONMENT)
    median = statistics.median
    rows = [
        ("seconds from queued to the first line of user code", median(local.overhead), median(ecs.overhead)),
        *((f"seconds for {CROWDS[dag]} short tasks at once", local.crowds[dag], ecs.crowds[dag]) for dag in ecs.crowds),
    ]
    calls = ", ".join(f"{count} {action}" for action, count in sorted(ecs.calls.items()))
    per_task = sum(ecs.calls.values()) / ecs.tasks
    machine = f"parallelism {env.airflow.config['core']['parallelism']}, {os.cpu_count()} processors"
    lines = [
        "# Figures of the ECS executor",
        "",
        "Written by `python -m benchmarks.executor`: a rehearsal on this machine, where a worker starts at once. On",
        "AWS the start of a Fargate task comes on top of every worker.",
        "",
        f"Airflow {env.airflow.version}, {machine}; the first line is the median of {SINGLE_RUNS} runs.",
        "",
        "| | local executor | ECS executor | ratio |",
        "|---|---|---|---|",
        *(f"| {what} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} |" for what, ours, theirs in rows),
        "",
        f"Calls of ECS by the scheduler: {per_task:.1f} per task ({calls}, for {ecs.tasks} tasks).",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
