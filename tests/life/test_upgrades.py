"""An environment comes from the oldest release to the newest, back, and up again, and loses nothing on the way."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from acceptance.sessions import find_named
from cli.terminal.cache_dir import cache_root
from rehearsal.clients.postgres_dump import find_programs
from rehearsal.images.emulator_image import emulator_environment
from tests.life.deleting import resources
from tests.life.kept import ROOT, Kept, keep, windsock
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

ENVIRONMENT, NAME = "tests/life/upgrade.yaml", "journey"
SCHEDULER = "scheduler: {cpu: 512, memory: 3072}"
PYTHONS = {"2.5.3": "3.10", "2.11.2": "3.12", "3.3.2": "3.12"}
RUNS = 2000
DOWN = ("--allow-downgrade",)
KEPT = ("ab_user", "ab_role", "connection", "variable", "slot_pool", "xcom", "dag_run", "task_instance")

FILL = (
    "airflow connections add vault --conn-uri postgresql://ann:very-secret@db/x"
    " && airflow variables set limit 42 && airflow pools set small 3 tests"
    " && airflow users create --role Viewer --username vera --email v@x.org --firstname V --lastname V --password p"
    " && airflow dags unpause tutorial_taskflow_api && airflow dags pause tutorial"
)
CONNECT = (
    "import json, os, psycopg2\n"
    "db = psycopg2.connect(**{key: os.environ['DB_' + name] for key, name in "
    "{'dbname': 'NAME', 'host': 'HOST', 'port': 'PORT', 'user': 'USER', 'password': 'PASSWORD'}.items()})\n"
    "at = db.cursor()\n"
)
MORE_RUNS = f"""{CONNECT}
at.execute("select column_name from information_schema.columns where table_name = 'dag_run'")
names = [name for name, in at.fetchall() if name not in ("id", "run_id", "execution_date")]
at.execute(f"insert into dag_run (run_id, execution_date, {{', '.join(names)}}) "
    f"select run_id || '-' || n, execution_date + n * interval '1 second', {{', '.join(names)}} "
    "from (select * from dag_run limit 1) one, generate_series(1, {RUNS}) n")
db.commit()
"""  # noqa: S608  # the names are those of Airflow's own columns
COUNT = f"""{CONNECT}
rows = dict()
for table in {KEPT!r}:
    at.execute("select count(*) from " + table)
    rows[table] = at.fetchone()[0]
at.execute("select dag_id from dag where is_paused and dag_id like 'tutorial%' order by 1")
rows["paused"] = [name for name, in at.fetchall()]
print("ROWS", json.dumps(rows))
"""  # noqa: S608  # the names are those of Airflow's own tables


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
    kept = keep(ENVIRONMENT, "--dag", "tutorial_taskflow_api")
    _inside(kept, kept.environment, "bash", "-c", FILL)
    _inside(kept, kept.environment, "python", "-c", MORE_RUNS)
    yield kept
    kept.run("rehearse", str(kept.environment), "--stop")


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
    _inside(kept, yaml, "timeout", "120", "bash", "-c", begin)
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
    _dump(kept, ids, dump)
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


def test_nothing_is_lost_up_down_and_up_again(kept: Kept, checkout: Path) -> None:
    """Over two hops at once, one back, and the same one up; a secret can be read on every release."""
    text = (ROOT / ENVIRONMENT).read_text(encoding="utf-8")
    before = _rows(kept, kept.environment)
    assert before["dag_run"] > RUNS
    print(f"2.5.3: {json.dumps(before)}")  # noqa: T201  # the figures of the run
    for version, options in (("3.3.2", ()), ("2.11.2", DOWN), ("3.3.2", ())):
        changed = text.replace("2.5.3", version).replace('"3.10"', f'"{PYTHONS[version]}"')
        began = time.monotonic()
        done = kept.deploy(changed, checkout, *options)
        assert done.returncode == 0, done.stderr
        after = _rows(kept, checkout / "env.yaml")
        print(f"{version}: {time.monotonic() - began:.0f} s, {json.dumps(after)}")  # noqa: T201  # the figures of the run
        assert {name: count for name, count in after.items() if _lost(name, before, after)} == {}
        said = _inside(kept, checkout / "env.yaml", "airflow", "variables", "get", "limit")
        assert said.strip().endswith("42")
        said = _inside(kept, checkout / "env.yaml", "airflow", "connections", "get", "vault", "--output", "json")
        assert "very-secret" in said


def _tasks(kept: Kept, yaml: Path) -> dict[str, list[object]]:
    """Return state, number of tries and host of each task of the slow DAG."""
    said = _inside(kept, yaml, "python", "-c", TASKS)
    tasks: dict[str, list[object]] = json.loads(said.partition("TASKS ")[2].splitlines()[0])
    return tasks


def _dump(kept: Kept, ids: Mapping[str, str], file: Path) -> None:
    """Write a dump of the kept database, as its owner would."""
    cache = cache_root(os.environ)
    emulator = find_named(cache, NAME)
    assert emulator is not None
    secret = kept.client("secretsmanager").get_secret_value(SecretId=ids["Secrets/DatabaseCredentials"])
    login = json.loads(secret["SecretString"])
    program = find_programs(emulator_environment(cache / "environments")) / "pg_dump"
    place = file.parent / "socket"
    place.symlink_to(emulator.directory / "rds" / ids["Database/Instance"] / "socket")
    where = ("-h", str(place), "-U", login["username"], "-Fc", "-f", str(file), "airflow")
    subprocess.run((str(program), *where), check=True, env={"PGPASSWORD": login["password"]})


def _lost(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    was, now = before[name], after[name]
    return was != now if isinstance(was, list) or not isinstance(now, int) else now < int(str(was))


def _rows(kept: Kept, yaml: Path) -> dict[str, int]:
    """Return how many rows each table has, and which DAGs are paused."""
    said = _inside(kept, yaml, "python", "-c", COUNT)
    rows: dict[str, int] = json.loads(said.partition("ROWS ")[2].splitlines()[0])
    return rows


def _inside(kept: Kept, yaml: Path, *command: str) -> str:
    done = kept.run("shell", str(yaml), "--", *command, checkout=yaml.parent)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
