"""A process of Airflow 2 starts as its command says, with what follows releases beside it."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import NO_DATABASE, Home

pytestmark = pytest.mark.airflow

RUN = """
import json, os, sys
os.environ["WINDSOCK_CODE_BUCKET"] = "code"
from windsock_runtime.releases import run
run.subprocess.Popen = lambda command: print(json.dumps([*command[:2], *command[4:]]))
run.pin_dags = lambda home, marks: print(json.dumps([str(home), marks]))
sys.argv = ["run", "version"]
run.main()
sys.argv = ["run", "scheduler"]
run.airflow = lambda: print(json.dumps(sys.argv))
run.main()
os.environ["WINDSOCK_RELEASES_FOLDER"] = "releases"
del os.environ["WINDSOCK_CODE_BUCKET"]
run.main()
os.environ["WINDSOCK_CODE_BUCKET"] = "code"
run.main()
del os.environ["WINDSOCK_RELEASES_FOLDER"]
sys.argv = ["run", "tasks"]
run.main()
"""


def test_the_command_runs_beside_what_follows(followed: Home, release: Release) -> None:
    """With the same arguments; the scheduler's also tells what was parsed.

    A file system needs nobody to follow, and with a bucket somebody who tells. A worker has what it started with.
    """
    *lines, worker, _ = followed.run(RUN, NO_DATABASE)[-13:]
    started, home, version, told, _, command, mounted, _, tells, marked, _ = lines
    assert json.loads(worker) == [str(followed.folder), True]
    assert json.loads(started) == ["bash", "-c"]
    assert json.loads(home) == [str(followed.folder), True]
    assert json.loads(mounted) == [str(followed.folder), False]
    assert (json.loads(tells), json.loads(marked)[1]) == (["bash", "-c", "tell"], True)
    assert version == release.version
    assert json.loads(told) == ["bash", "-c", "tell"]
    assert json.loads(command) == ["airflow", "scheduler"]
