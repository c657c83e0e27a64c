"""A process of Airflow 2 loads every file from the release of its first one, and Airflow sees the path of the link."""

import json

import pytest

from tests.runtime.conftest import NO_DATABASE, Home

pytestmark = pytest.mark.airflow

DAG_FILE = """
import airflow, words
from airflow import DAG
from datetime import datetime
dag = DAG(f"says_{words.WORD}", start_date=datetime(2021, 1, 1), schedule_interval=None)
"""
PINNED = """
import json, os, sys
from pathlib import Path
from windsock_runtime.fetch_release import link
home = Path(os.environ["AIRFLOW_HOME"]).resolve()
for word in ("old", "new"):
    dags = home / "releases" / word / "dags"; dags.mkdir(parents=True)
    (dags.parent / ".lock").touch()
    (dags / "words.py").write_text(f"WORD = {word!r}")
    (dags / "late.py").write_text(f"WORD = {word!r}")
    (dags / "says.py").write_text(os.environ["DAG_FILE"])
    (dags / "broken.py").write_text("from airflow import DAG\\nimport nothing_of_that_name")
link(home / "dags", home / "releases/old/dags")
from windsock_runtime.releases import pinned_dags as ours
import words as former
from airflow.models.dagbag import DagBag
ours.DagFileProcessor.process_file = lambda processor, file_path: DagBag(file_path, include_examples=False)
ours.pin_dags(home)
def load(name):
    bag = DagBag(home / "dags" / name, include_examples=False)
    for dag in bag.dags.values():
        assert dag.fileloc == str(home / "dags" / name), dag.fileloc
    assert all(str(path) == str(home / "dags" / name) for path in (*bag.file_last_changed, *bag.import_errors))
    return [*bag.dags, *(error.strip().splitlines()[-1] for error in bag.import_errors.values())]
child = os.fork()
if child == 0:
    found = load("says.py")
    link(home / "dags", home / "releases/new/dags")
    import late
    print(json.dumps([found, load("says.py"), late.WORD, load("broken.py")]), flush=True)
    os._exit(0)
os.waitpid(child, 0)
bag = DagBag(home / "dags" / "says.py", include_examples=False)
bag.process_file(str(home / "dags/says.py"), only_if_updated=False)
print(json.dumps([*bag.dags, *bag.import_errors]))
for name in ("says.py", "broken.py"):
    ours.DagFileProcessor.process_file(None, file_path=str(home / "dags" / name))
for path in (home / ".parsed/new").iterdir():
    noted = json.loads(path.read_text())
    print(json.dumps([noted["file"], bool(noted["error"])]))
"""


def test_a_process_keeps_the_release_of_its_first_file(followed: Home) -> None:
    """With what it imports late; the next process takes what is current then, also of modules that were imported."""
    lines = followed.run(PINNED, {**NO_DATABASE, "DAG_FILE": DAG_FILE})
    kept, following, *noted = (json.loads(line) for line in lines if line.startswith("["))
    assert kept == [["says_old"], ["says_old"], "old", ["ModuleNotFoundError: No module named 'nothing_of_that_name'"]]
    assert following == ["says_new"]
    assert sorted(noted) == [["broken.py", True], ["says.py", False]]
