"""The report is written when it changes, renewed every ten minutes, and ends nothing when it cannot be written."""

import json

import pytest

from tests.runtime.conftest import Home

pytestmark = pytest.mark.airflow

REPORT = """
import json
from datetime import timedelta
from pathlib import Path
from windsock_runtime.releases import report as ours
told, now, known = [], ours.moment, {"version": "new", "parsed": False}
write = told.append
reporter = ours.Reporter(lambda version, dags, since: dict(known), lambda content: write(content))
reporter.tell("new", Path())
known["parsed"] = True
reporter.tell("new", Path())
reporter.tell("new", Path())
ours.moment = lambda: now() + timedelta(seconds=61)
reporter.tell("new", Path())
known["runs"] = {"old": 1}
reporter.tell("new", Path())
ours.moment = lambda: now() + timedelta(seconds=122)
reporter.tell("new", Path())
ours.moment = lambda: now() + timedelta(seconds=730)
reporter.tell("new", Path())
write = lambda content: 1 / 0
ours.moment = lambda: now() + timedelta(seconds=2000)
reporter.tell("new", Path())
print(json.dumps(told))
"""


def test_it_is_told_when_it_changes_and_every_ten_minutes(home: Home) -> None:
    """The process that tells goes on when the bucket does not answer."""
    first, parsed, later, renewed = json.loads(home.run(REPORT)[-1])
    assert (first["parsed"], parsed["parsed"]) == (False, True)
    assert later["runs"] == renewed["runs"] == {"old": 1}
    assert renewed["at"] != later["at"]


ERRORS = """
import json
from windsock_runtime.releases.report import import_error
TIMEOUT = '''Traceback (most recent call last):
  File "/opt/airflow/dags/slow.py", line 4, in <module>
    time.sleep(60)
  File "/opt/lib/timeout.py", line 68, in handle_timeout
    raise AirflowTaskTimeout(self.error_message)
airflow.exceptions.AirflowTaskTimeout: DagBag import timeout for /opt/airflow/dags/slow.py after 30.0s.
Please take a look at these docs to improve your DAG import time:
* https://airflow.apache.org/best-practices, PID: 77
'''
SYNTAX = '''  File "/opt/airflow/dags/slow.py", line 2
    def :
        ^
SyntaxError: invalid syntax
'''
print(json.dumps([import_error("slow.py", trace) for trace in (TIMEOUT, SYNTAX, "It ended.", None)]))
"""


def test_an_error_is_the_line_in_which_python_says_why(home: Home) -> None:
    """Not the last of a message that goes on for several lines."""
    slow, syntax, plain, silent = json.loads(home.run(ERRORS)[-1])
    assert (slow["line"], slow["message"]) == (
        4,
        "airflow.exceptions.AirflowTaskTimeout: DagBag import timeout for /opt/airflow/dags/slow.py after 30.0s.",
    )
    assert (syntax["line"], syntax["message"]) == (2, "SyntaxError: invalid syntax")
    assert (plain["line"], plain["message"], silent["message"]) == (0, "It ended.", "")
