"""A cluster moves in with a dump of its database and its Fernet key, into either kind of database, whole."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.life.deleting import resources
from tests.life.filled_database import RUNS, count_rows, fill, inside, write_dump
from tests.life.kept import ROOT, Kept, keeping

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

YAML = """
name: {name}
aws: {{account: "123456789012", region: us-west-2}}
airflow: {{version: 2.11.2, python: "3.12"}}
network: {{allowed_cidrs: [198.51.100.7/32]}}
services: {{webserver: {{cpu: 512, memory: 2048}}, scheduler: {{cpu: 512, memory: 2048}}}}
"""
NEW = """
auth: {{admin: {{username: newcomer, email: new@airflow.org}}}}
database: {{{kind}version: "16", restore_from: {{dump: airflow.sql, fernet_key: {name}/fernet-key}}}}
"""
SAMPLE = ("--dag", "tutorial_taskflow_api")


@dataclass(frozen=True, kw_only=True)
class Former:
    """What is left of a cluster: its dump, its Fernet key, and what its tables held."""

    dump: Path
    key: str
    rows: Mapping[str, int]


def _project(folder: Path, text: str) -> Path:
    for name in ("airflow_home", "docker"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "env.yaml").write_text(text, encoding="utf-8")
    return folder / "env.yaml"


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Former:
    """Fill the database of another environment, write a plain dump of it, and let it go."""
    folder = tmp_path_factory.mktemp("former")
    with keeping(str(_project(folder, YAML.format(name="former"))), *SAMPLE) as kept:
        fill(kept)
        ids = dict(resources(kept, "former"))
        write_dump(kept, ids, folder / "airflow.sql", "plain")
        seed = kept.client("secretsmanager").get_secret_value(SecretId=ids["Secrets/FernetSeed"])["SecretString"]
        return Former(dump=folder / "airflow.sql", key=f"{seed}=", rows=count_rows(kept, kept.environment))


@pytest.fixture(params=["", "kind: container, "], ids=["rds", "container"])
def kept(former: Former, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Kept]:
    """Keep an environment whose database begins with the dump."""
    shutil.copy(former.dump, tmp_path / "airflow.sql")
    (tmp_path / ".env").write_text(f"AIRFLOW__CORE__FERNET_KEY={former.key}\n", encoding="utf-8")
    text = (YAML + NEW).format(name="newcomer", kind=request.param)
    with keeping(str(_project(tmp_path, text)), *SAMPLE) as kept:
        yield kept


def test_a_cluster_moves_in_whole(kept: Kept, former: Former) -> None:
    """Every row, what is encrypted, and paused DAGs; the bucket has no dump any more, and another deploy needs none."""
    after = count_rows(kept, kept.environment)
    print(f"before: {json.dumps(former.rows)}\nafter: {json.dumps(after)}")  # noqa: T201  # the figures of the run
    assert former.rows["dag_run"] > RUNS
    assert {name: count for name, count in former.rows.items() if name != "paused" and after[name] < count} == {}
    assert after["paused"] == former.rows["paused"]
    assert inside(kept, kept.environment, "airflow", "variables", "get", "limit").strip().endswith("42")
    said = inside(kept, kept.environment, "airflow", "connections", "get", "vault", "--output", "json")
    assert "very-secret" in said
    ids = dict(resources(kept, "newcomer"))
    objects = kept.client("s3").list_objects_v2(Bucket=ids["Storage/CodeBucket"])["Contents"]
    assert [entry["Key"] for entry in objects if entry["Key"].startswith("dump/")] == []
    (kept.environment.parent / "airflow.sql").unlink()
    done = kept.deploy(kept.environment.read_text(encoding="utf-8"), kept.environment.parent)
    assert done.returncode == 0, done.stderr
    assert "== dump" not in done.stderr
    assert count_rows(kept, kept.environment)["dag_run"] >= after["dag_run"]
