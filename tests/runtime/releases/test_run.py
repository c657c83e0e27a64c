"""A process of Airflow 2 starts as its command says, with what follows releases beside it."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import NO_DATABASE, Home

pytestmark = pytest.mark.airflow

RUN = """
import json, sys
from windsock_runtime.releases import run
run.subprocess.Popen = lambda command: print(json.dumps(command[:2]))
run.pin_dags = lambda home: print(json.dumps(str(home)))
sys.argv = ["run", "version"]
run.main()
"""


def test_the_command_runs_beside_what_follows(followed: Home, release: Release) -> None:
    """With the same arguments."""
    started, home, version = followed.run(RUN, NO_DATABASE)[-3:]
    assert json.loads(started) == ["bash", "-c"]
    assert json.loads(home) == str(followed.folder)
    assert version == release.version
