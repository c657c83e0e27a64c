"""What the database of Airflow 3 says of a release: parsed is what brought a DAG or an error."""

import json

import pytest

from tests.runtime.conftest import NO_DATABASE, Home

pytestmark = pytest.mark.airflow

STATE = """
import json
from datetime import timedelta
from pathlib import Path
from windsock_runtime.releases import bundle_state as ours
dags = Path("dags"); dags.mkdir()
(dags / "one.py").write_text("from airflow.sdk import DAG  # dag")
(dags / "two.py").write_text("from airflow.sdk import DAG  # dag")
answers = {}
class Session:
    def execute(self, what): return answers[what]
    def __enter__(self): return self
    def __exit__(self, *_): return None
ours.create_session = Session
ours._dags = lambda bundle: "dags"
ours._errors = lambda bundle: "errors"
ours._runs = lambda: "runs"
since = ours.moment()
later = since + timedelta(seconds=1)
def tell(**found):
    answers.update(found)
    print(json.dumps(ours.state_of("dags-folder", "new", dags, since)))
tell(dags=[("one.py", "old", later)], errors=[], runs=[("old", 2)])
trace = 'File "/x/dags/two.py", line 7\\n  File "/lib/y.py", line 9\\nModuleNotFoundError: No module named y'
tell(dags=[("one.py", "new", later)], errors=[("two.py", later, trace), ("gone.py", later, trace)])
"""


def test_a_release_is_parsed_when_each_file_brought_a_dag_or_an_error(bundled: Home) -> None:
    """An error has its line; those of files that are gone are gone."""
    first, parsed = map(json.loads, bundled.run(STATE, NO_DATABASE)[-2:])
    assert (first["parsed"], first["runs"]) == (False, {"old": 2})
    error = {"file": "dags/two.py", "line": 7, "message": "ModuleNotFoundError: No module named y"}
    assert (parsed["parsed"], parsed["errors"]) == (True, [error])
