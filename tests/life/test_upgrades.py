"""An environment comes from the oldest release to the newest, back, and up again, and loses nothing on the way."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.life.kept import ROOT, Kept, keep

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

ENVIRONMENT = "tests/life/upgrade.yaml"
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
