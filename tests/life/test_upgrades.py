"""An environment comes from the oldest release to the newest, back, and up again, and loses nothing on the way."""

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.figure_page import FigurePage
from tests.life.deleting import resources
from tests.life.filled_database import CONNECT, KEPT, RUNS, count_rows, fill, inside, write_dump
from tests.life.kept import ROOT, Kept, keeping, windsock
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

ENVIRONMENT, NAME = "tests/life/upgrade.yaml", "journey"
SCHEDULER = "scheduler: {cpu: 512, memory: 3072}"
PYTHONS = {"2.5.3": "3.10", "2.11.2": "3.12", "3.3.2": "3.12"}
DOWN = ("--allow-downgrade",)
ROADS = {("2.5.3", "3.3.2"): (), ("3.3.2", "2.11.2"): DOWN, ("2.11.2", "3.3.2"): ()}
TABLES = {"dag_run": "runs", "task_instance": "task instances", "xcom": "XComs", "connection": "connections"}
PAGE = FigurePage(
    name="upgrade-figures.md",
    head=f"""\
# Upgrades of a database that holds something of everything

`make endurance` upgrades one environment, downgrades it and upgrades it again. After each deploy it looks that no row
is lost, and that a connection and a variable can be read. With `--regold` it writes this page: {{count}} of {{all}}
deploys.

The seconds are those of the whole `windsock deploy` in a rehearsal, of which nothing runs from drain to healthy. The
machine had more to do.

| Airflow | seconds | {" | ".join(TABLES.values())} |
|---|---|{"---|" * len(TABLES)}
""",
    keys=tuple(f"{former} -> {version}" for former, version in ROADS),
)
"""The figures of the last run."""


SLOW = """from airflow.decorators import dag, task
from pendulum import datetime


@dag(schedule=None, start_date=datetime(2024, 1, 1), catchup=False)
def slow():
    @task
    def first():
        import time

        time.sleep(60)

    @task
    def second():
        pass

    first() >> second()


slow()
"""
TASKS = f"""{CONNECT}
at.execute("select task_id, state, try_number, hostname from task_instance where dag_id = 'slow'")
print("TASKS", json.dumps({{task: [state, tries, host] for task, state, tries, host in at.fetchall()}}))
"""  # noqa: S608  its only part is CONNECT


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep an environment of the oldest release with a database that holds something of everything."""
    with keeping(ENVIRONMENT, "--dag", "tutorial_taskflow_api") as kept:
        fill(kept)
        yield kept


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder from which everything is deployed."""
    return tmp_path_factory.mktemp("checkout")


def test_a_running_task_ends_before_its_scheduler_is_replaced(kept: Kept, checkout: Path) -> None:
    """With --drain; the task after it waits, and runs in the new scheduler."""
    text = (ROOT / ENVIRONMENT).read_text(encoding="utf-8")
    shutil.copytree(ROOT / "airflow_home", checkout / "airflow_home")
    (checkout / "airflow_home" / "dags" / "slow.py").write_text(SLOW, encoding="utf-8")
    done = kept.deploy(text, checkout)
    assert done.returncode == 0, done.stderr
    yaml = checkout / "env.yaml"
    begin = "until airflow dags unpause slow; do sleep 1; done; airflow dags trigger slow"
    inside(kept, yaml, "timeout", "120", "bash", "-c", begin)
    until(lambda: _tasks(kept, yaml).get("first", ["", 0, ""])[0] == "running")
    done = kept.deploy(text.replace("scheduler: {cpu: 512, memory: 2048}", SCHEDULER), checkout, "--drain", "5")
    assert done.returncode == 0, done.stderr
    assert "have 5 minutes to end" in done.stderr
    until(lambda: _tasks(kept, yaml)["second"][0] == "success")
    first, second = (_tasks(kept, yaml)[name] for name in ("first", "second"))
    assert first[:2] == ["success", 1]
    assert first[2] != second[2]


def test_an_upgrade_is_rehearsed_with_a_dump(kept: Kept, checkout: Path) -> None:
    """Every row is there after two hops, and the key of the dump reads what is encrypted; another key does not."""
    ids, dump = dict(resources(kept, NAME)), checkout / "airflow.dump"
    write_dump(kept, ids, dump)
    read = kept.client("secretsmanager").get_secret_value
    key = read(SecretId=ids["Secrets/FernetSeed"])["SecretString"] + "="
    command = ("upgrade", str(kept.environment), "--from-dump", str(dump), "--fernet-key", "--json")
    done = windsock(*command, typed=f"{key}\n")
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    print(done.stderr)  # noqa: T201  the figures of the run
    assert seen["lost"] == []
    assert seen["encrypted"] >= 2  # the connection and the variable of FILL
    assert seen["before"]["dag_run"] > RUNS
    assert {name: seen["after"][name] for name in KEPT if seen["after"][name] < seen["before"][name]} == {}
    done = windsock(*command, typed=f"{'A' * 43}=\n")
    assert done.returncode == 1
    assert "does not read" in done.stderr
    assert "variable limit" in done.stderr


def test_nothing_is_lost_up_down_and_up_again(kept: Kept, checkout: Path, request: pytest.FixtureRequest) -> None:
    """Over two hops at once, one back, and the same one up; a secret can be read on every release."""
    text = (ROOT / ENVIRONMENT).read_text(encoding="utf-8")
    before = count_rows(kept, kept.environment)
    assert before["dag_run"] > RUNS
    for (former, version), options in ROADS.items():
        changed = text.replace("2.5.3", version).replace('"3.10"', f'"{PYTHONS[version]}"')
        began = time.monotonic()
        done = kept.deploy(changed, checkout, *options)
        assert done.returncode == 0, done.stderr
        seconds, after = time.monotonic() - began, count_rows(kept, checkout / "env.yaml")
        assert {name: count for name, count in after.items() if _lost(name, before, after)} == {}
        said = inside(kept, checkout / "env.yaml", "airflow", "variables", "get", "limit")
        assert said.strip().endswith("42")
        said = inside(kept, checkout / "env.yaml", "airflow", "connections", "get", "vault", "--output", "json")
        assert "very-secret" in said
        if request.config.getoption("--regold"):
            note(former, version, seconds, before, after)


def note(former: str, version: str, seconds: float, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Write a row of the page of figures."""
    counts = (f"{before[table]} -> {after[table]}" for table in TABLES)
    PAGE.note(f"{former} -> {version}", f"{seconds:.0f}", *counts)


def _tasks(kept: Kept, yaml: Path) -> dict[str, list[object]]:
    """Return state, number of tries and host of each task of the slow DAG."""
    said = inside(kept, yaml, "python", "-c", TASKS)
    tasks: dict[str, list[object]] = json.loads(said.partition("TASKS ")[2].splitlines()[0])
    return tasks


def _lost(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    was, now = before[name], after[name]
    return was != now if isinstance(was, list) or not isinstance(now, int) else now < int(str(was))
