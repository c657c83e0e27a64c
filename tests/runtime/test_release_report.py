"""The report says when every file of a release is parsed, and renews itself."""

import json

import pytest

from tests.runtime.conftest import NO_DATABASE, Home

pytestmark = pytest.mark.airflow

REPORT = """
import json, sys
from datetime import timedelta
from pathlib import Path
from windsock_runtime import release_report as ours
told = []
ours.report = told.append
dags = Path("dags"); dags.mkdir()
(dags / "one.py").write_text("from airflow.sdk import DAG  # dag")
(dags / "two.py").write_text("from airflow.sdk import DAG  # dag")
now = ours._now
answers = {}
class Session:
    def execute(self, what): return answers[what]
    def __enter__(self): return self
    def __exit__(self, *_): return None
ours.create_session = Session
ours._dags = lambda bundle: "dags"
ours._errors = lambda bundle: "errors"
ours._runs = lambda: "runs"
later = now() + timedelta(seconds=1)
answers.update(dags=[("one.py", "old", later)], errors=[], runs=[("old", 2)])
reporter = ours.Reporter("dags-folder")
reporter.tell("new", dags)
trace = 'File "/x/dags/two.py", line 7\\n  File "/lib/y.py", line 9\\nModuleNotFoundError: No module named y'
answers.update(dags=[("one.py", "new", later)], errors=[("two.py", later, trace), ("gone.py", later, trace)])
reporter.tell("new", dags)
reporter.tell("new", dags)
ours._now = lambda: now() + timedelta(seconds=61)
reporter.tell("new", dags)
ours.report = lambda content: 1 / 0
ours._now = lambda: now() + timedelta(seconds=200)
reporter.tell("new", dags)
print(json.dumps(told))
"""


def test_a_release_is_parsed_when_each_file_brought_a_dag_or_an_error(bundled: Home) -> None:
    """It is told once more each minute, and ends nothing when it cannot be told."""
    first, parsed, renewed = json.loads(bundled.run(REPORT, NO_DATABASE)[-1])
    assert (first["parsed"], first["runs"]) == (False, {"old": 2})
    error = {"file": "dags/two.py", "line": 7, "message": "ModuleNotFoundError: No module named y"}
    assert (parsed["parsed"], parsed["errors"]) == (True, [error])
    assert renewed["at"] != parsed["at"]
