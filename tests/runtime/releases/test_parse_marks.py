"""Airflow 2 has parsed a release when each file that may hold DAGs was parsed, however long ignored files stay so."""

import json

import pytest

from tests.runtime.conftest import Home

pytestmark = pytest.mark.airflow

MARKS = """
import json, os, time
from datetime import timedelta
from pathlib import Path
from windsock_runtime.releases import parse_marks as ours
folder = Path("releases/new").absolute(); dags = folder / "dags"; dags.mkdir(parents=True)
(dags / "one.py").write_text("from airflow import DAG")
(dags / "two.py").write_text("from airflow import DAG")
(dags / "words.py").write_text("WORD = 1")
(Path("current")).symlink_to(folder)
def switch(seconds): os.utime("current", (time.time() + seconds,) * 2, follow_symlinks=False)
switch(0)
marks, since = ours.Marks(Path("current"), timedelta(seconds=15)), ours.moment()
long_ago = since - timedelta(minutes=1)
def tell(since):
    state = marks.state_of("new", dags, since)
    print(json.dumps([state["parsed"], state["errors"]]))
ours.mark(folder, "one.py", "")
tell(since)
ours.mark(folder, "two.py", 'File "/x/dags/two.py", line 7\\nNameError: x')
tell(since)
ours.mark(folder, "two.py", "")
tell(since)
switch(3)
tell(long_ago)
switch(0)
(dags / "one.py").unlink(); (dags / "two.py").unlink()
(dags / "ignored.py").write_text("from airflow import DAG")
tell(since)
tell(long_ago)
ours.note_runs(lambda: {"old": 1}); ours.note_runs(lambda: 1 / 0)
print(json.dumps(marks.state_of("new", dags, since)["runs"]))
"""


def test_every_file_that_may_hold_dags_is_waited_for(followed: Home) -> None:
    """A file that Airflow was never seen to parse is waited for a quarter of a minute."""
    waiting, broken, sound, forgotten, quiet, given_up, runs = map(json.loads, followed.run(MARKS)[-7:])
    error = {"file": "dags/two.py", "line": 7, "message": "NameError: x"}
    assert waiting == [False, []]
    assert broken == [True, [error]]
    assert sound == [True, []]
    assert runs == {"old": 1}
    assert forgotten == [False, []]
    assert (quiet, given_up) == ([False, []], [True, []])
