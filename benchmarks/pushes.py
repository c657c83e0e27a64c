"""Measures how long a push takes until Airflow shows its DAG, by each way to deliver code.

python -m benchmarks.pushes            # writes docs/push-figures.md: half an hour on two processors
python -m benchmarks.pushes 3.3.2      # one release alone
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.kept_site import visit
from rehearsal.clients.airflow_client import AirflowClient
from spec.reading.load import load

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "push-figures.md"
WINDSOCK = str(Path(sys.executable).parent / "windsock")
RELEASES = {
    "3.3.2": "tests/life/releases-local.yaml",
    "2.11.2": "tests/life/releases-2.11.yaml",
    "2.5.3": "tests/life/releases-2.5.yaml",
}
WAYS = ("release", "efs")
PUSHES = 5
MANY_FILES = 2000
HEADINGS = (
    "Airflow",
    "`code.delivery`",
    f"visible, median of {PUSHES}",
    "slowest",
    "command ends",
    f"visible with {MANY_FILES} files more",
    "command ends",
    "peak MiB",
    "load before",
)
LIMIT_SECONDS = 300.0
MIB = 1024
MWAA = "Amazon MWAA looks for changed files every 30 seconds and for new ones every 300 seconds (its documentation)."
DAG = """\
from datetime import datetime
from airflow import DAG
dag = DAG("{name}", start_date=datetime(2021, 1, 1), schedule=None)
"""


@dataclass(frozen=True)
class Push:
    """One push: seconds until Airflow shows its DAG and until the command ends, and the most memory that it took."""

    visible: float
    done: float
    mib: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One Airflow release and way: pushes of a single new file, and one of many files.

    `load` is how many processes wanted a processor in the minute before.
    """

    version: str
    way: str
    single: tuple[Push, ...]
    many: Push
    load: float


def main() -> None:
    """Measure, print and write the page."""
    versions = tuple(sys.argv[1:]) or tuple(RELEASES)
    measured = [_measure(version, way) for version in versions for way in WAYS]
    text = _page(measured)
    print(text)
    PAGE.write_text(text, encoding="utf-8")


def _measure(version: str, way: str) -> Figures:
    before, _, _ = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder)
        environment = _checkout(checkout, version, way)
        with _kept(environment) as variables:
            client = visit(load(environment), variables).client
            single = tuple(_push(checkout, variables, client, f"pushed_{number}") for number in range(PUSHES))
            _write_many(checkout)
            many = _push(checkout, variables, client, "pushed_with_many")
            return Figures(version=version, way=way, single=single, many=many, load=before)


def _checkout(folder: Path, version: str, way: str) -> Path:
    file = RELEASES[version]
    document = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    document["name"], document["code"] = f"pushes-{way}", {"delivery": way}
    document["airflow"]["home"] = "home"
    shutil.copytree(ROOT / "tests/life/workers", folder / "home", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "docker").symlink_to(ROOT / "docker")
    environment = folder / "env.yaml"
    environment.write_text(yaml.safe_dump(document), encoding="utf-8")
    return environment


@contextmanager
def _kept(file: Path) -> Iterator[dict[str, str]]:
    rehearse = [WINDSOCK, "rehearse", str(file), "--keep", "--port", "0", "--endpoint-port", "0", "--dag", "holds"]
    printed = subprocess.run(rehearse, cwd=file.parent, check=True, stdout=subprocess.PIPE, text=True).stdout
    try:
        yield dict(re.findall(r"^export (\w+)=(\S+)$", printed, re.MULTILINE))
    finally:
        subprocess.run([WINDSOCK, "rehearse", str(file), "--stop"], cwd=file.parent, check=True)


def _push(checkout: Path, variables: dict[str, str], client: AirflowClient, name: str) -> Push:
    """Push a DAG file of this name and look until Airflow shows its DAG."""
    (checkout / "home" / "dags" / f"{name}.py").write_text(DAG.format(name=name), encoding="utf-8")
    start = time.monotonic()
    process = subprocess.Popen([WINDSOCK, "push", "env.yaml"], cwd=checkout, env={**os.environ, **variables})
    visible = done = memory = 0.0
    while not (visible and done):
        if time.monotonic() - start > LIMIT_SECONDS:
            raise TimeoutError(f"{name} is not there after {LIMIT_SECONDS:.0f} seconds")
        if not done:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                done, memory = time.monotonic() - start, usage.ru_maxrss / MIB
                if status:
                    raise RuntimeError(f"the push of {name} failed")
        if not visible and name in client.dags():
            visible = time.monotonic() - start
        time.sleep(0.2)
    return Push(visible, done, memory)


def _write_many(checkout: Path) -> None:
    package = checkout / "home" / "dags" / "many"
    package.mkdir()
    for number in range(MANY_FILES):
        (package / f"module_{number}.py").write_text(f"NUMBER = {number}\n", encoding="utf-8")


def _page(measured: list[Figures]) -> str:
    lines = [
        "# Seconds from push to DAG",
        "",
        "Written by `python -m benchmarks.pushes`: from the start of `windsock push` until the API of Airflow lists a",
        f"new DAG, in one rehearsal per line on this machine with {os.cpu_count()} processors. On AWS the sync task of",
        "`efs` starts on Fargate first, 1 to 1.5 minutes in the model of [creation.md](creation.md). The load before",
        "each is the average of one minute; with more than there are processors, seconds are too many.",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        seconds = [push.visible for push in one.single]
        ends = statistics.median(push.done for push in one.single)
        lines.append(
            f"| {one.version} | {one.way} | **{statistics.median(seconds):.1f}** | {max(seconds):.1f} | {ends:.1f} "
            f"| {one.many.visible:.1f} | {one.many.done:.1f} | {one.many.mib:.0f} "
            f"| {one.load:.1f} |"
        )
    return "\n".join([*lines, "", MWAA]) + "\n"


if __name__ == "__main__":
    main()
