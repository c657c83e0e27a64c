"""Fills the database of a kept rehearsal with something of everything, counts what it has, and writes dumps of it."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from acceptance.sessions import find_named
from cli.terminal.cache_dir import cache_root
from rehearsal.clients.postgres_dump import find_programs
from rehearsal.images.emulator_image import emulator_environment
from spec.reading.load import load
from tests.life.kept import Kept

RUNS = 2000
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


def fill(kept: Kept) -> None:
    """Fill the database of a running environment."""
    inside(kept, kept.environment, "bash", "-c", FILL)
    inside(kept, kept.environment, "python", "-c", MORE_RUNS)


def write_dump(kept: Kept, ids: Mapping[str, str], file: Path, form: str = "custom") -> None:
    """Write a dump of the kept database, as its owner would."""
    cache = cache_root(os.environ)
    emulator = find_named(cache, load(kept.environment).name)
    assert emulator is not None
    secret = kept.client("secretsmanager").get_secret_value(SecretId=ids["Secrets/DatabaseCredentials"])
    login = json.loads(secret["SecretString"])
    program = find_programs(emulator_environment(cache / "environments")) / "pg_dump"
    place = file.parent / "socket"
    place.symlink_to(emulator.directory / "rds" / ids["Database/Instance"] / "socket")
    where = ("-h", str(place), "-U", login["username"], f"--format={form}", "-f", str(file), "airflow")
    subprocess.run((str(program), *where), check=True, env={"PGPASSWORD": login["password"]})


def count_rows(kept: Kept, yaml: Path) -> dict[str, int]:
    """Return how many rows each table has, and which DAGs are paused."""
    said = inside(kept, yaml, "python", "-c", COUNT)
    rows: dict[str, int] = json.loads(said.partition("ROWS ")[2].splitlines()[0])
    return rows


def inside(kept: Kept, yaml: Path, *command: str) -> str:
    """Run a command in a container of the environment, and return what it printed."""
    done = kept.run("shell", str(yaml), "--", *command, checkout=yaml.parent)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
