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
