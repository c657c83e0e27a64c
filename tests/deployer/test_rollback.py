"""An environment with releases goes back to the one before, and pushes while CloudFormation is busy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from deployer.aws.session import Session  # noqa: TC001  # its name is what cast takes
from deployer.push import planned_push, push
from deployer.releases.store import read_pointer
from deployer.rollback import list_releases, rollback
from deployer.status import status
from tests.deployer.fakes.calls import CLIENTS
from tests.deployer.fakes.environment import environment, write_home
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.session import FakeSession


def _without_copies() -> Running:
    running = Running()
    stack = running.stack
    outputs: Mapping[str, str] = {key: text for key, text in stack.outputs.items() if "Sync" not in key}
    fake = running.world.session.cloudformation
    fake.put(
        "demo",
        stack.status,
        template="",
        parameters=dict(stack.parameters),
        tags=dict(stack.tags),
        outputs=dict(outputs),
    )
    return running


@pytest.fixture
def running() -> Running:
    """Return an environment that is deployed and has no task that copies code."""
    return _without_copies()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a small home."""
    return write_home(tmp_path)


def _push(running: Running, home: Path, *, rollback_on_error: bool = False) -> object:
    session = running.world.session.as_session
    with planned_push(environment(), session, progress=running.progress, airflow_home=home) as planned:
        return planned.execute(running.progress, rollback_on_error=rollback_on_error)


def _say(running: Running, home: Path, *errors: Mapping[str, object]) -> None:
    """Let the DAG processor say of the code of `home` what it made of it, as soon as that is current."""
    session = running.world.session.as_session
    with planned_push(environment(), session, progress=running.progress, airflow_home=home, only_look=True) as planned:
        version = planned.code.version[:40]
    _say_of(running, version, *errors)


def _say_of(running: Running, version: str, *errors: Mapping[str, object]) -> None:
    report = {
        "version": version,
        "parsed": True,
        "errors": list(errors),
        "runs": {version: 1, f"commit-{version}": 1},
        "at": "",
    }
    running.world.session.s3.buckets["code"]["report.json"] = json.dumps(report).encode()


def test_a_rollback_makes_the_release_before_current(running: Running, home: Path) -> None:
    """It says which files differ, and `--dry-run` changes nothing."""
    session = running.world.session.as_session
    _push(running, home)
    first = read_pointer(session, "code").release
    (home / "dags/one.py").write_text("x = 2\n")
    (home / "dags/two.py").write_text("x = 1\n")
    _say(running, home)
    _push(running, home)
    tried = rollback(environment(), session, progress=running.progress, dry_run=True)
    assert (tried.manifest.release, tried.changes.put, tried.changes.deleted) == (
        first,
        ("dags/one.py",),
        ("dags/two.py",),
    )
    assert read_pointer(session, "code").release != first
    rollback(environment(), session, progress=running.progress)
    assert read_pointer(session, "code").release == first


def test_releases_are_listed_with_the_runs_that_use_them(running: Running, home: Path) -> None:
    """The newest first."""
    session = running.world.session.as_session
    _push(running, home)
    running.world.session.time.seconds += 60
    (home / "dags/one.py").write_text("x = 2\n")
    _say(running, home)
    _push(running, home)
    found = list_releases(environment(), session)
    assert [(one.current, one.runs, one.manifest.by) for one in found] == [
        (True, 2, "user/ann"),
        (False, 0, "user/ann"),
    ]


def test_a_push_goes_back_by_itself_when_airflow_cannot_import_a_file(running: Running, home: Path) -> None:
    """Only where that was asked for."""
    session = running.world.session.as_session
    _push(running, home)
    first = read_pointer(session, "code").release
    (home / "dags/one.py").write_text("import nothing\n")
    _say(running, home, {"file": "dags/one.py", "line": 1, "message": "ModuleNotFoundError"})
    pushed = _push(running, home, rollback_on_error=True)
    assert vars(pushed)["errors"] == ("dags/one.py:1: ModuleNotFoundError",)
    assert vars(pushed)["rolled_back"]
    assert read_pointer(session, "code").release == first


def test_a_push_works_while_cloudformation_is_busy(running: Running, home: Path) -> None:
    """It calls S3 alone; services that should restart are told of, and restart with the next push."""
    fake, stack = running.world.session.cloudformation, running.stack
    fake.put(
        "demo",
        "UPDATE_IN_PROGRESS",
        template="",
        parameters=dict(stack.parameters),
        tags=dict(stack.tags),
        outputs=dict(stack.outputs),
    )
    _push(running, home)
    assert read_pointer(running.world.session.as_session, "code").version
    assert running.world.session.ecs.redeployed == []
    assert any("not restarted" in note for note in running.progress.notes)


def test_the_status_names_the_release_that_is_current(running: Running, home: Path) -> None:
    """A push writes no deploy state."""
    _push(running, home)
    session = running.world.session.as_session
    assert status(environment(), session).code_version == read_pointer(session, "code").version


def test_the_status_counts_files_that_airflow_cannot_import(running: Running, home: Path) -> None:
    """With file and line; the services go on, and so the environment is well."""
    session = running.world.session.as_session
    assert status(environment(), session).import_errors == ()
    _say(running, home, {"file": "dags/one.py", "line": 1, "message": "ModuleNotFoundError"})
    _push(running, home)
    assert status(environment(), session).import_errors == ("dags/one.py:1: ModuleNotFoundError",)


def test_a_file_system_goes_back_by_a_sync(home: Path) -> None:
    """The pointer moves first, and the deploy state says what lies there then."""
    running = Running()
    session = running.world.session.as_session
    _push(running, home)
    first = read_pointer(session, "code").release
    (home / "dags/one.py").write_text("x = 2\n")
    _push(running, home)
    assert [one.current for one in list_releases(environment(), session)].count(True) == 1
    syncs = len(running.world.session.ecs.runs)
    _say_of(running, first)
    done = rollback(environment(), session, progress=running.progress)
    assert (done.manifest.release, done.changes.put, done.report is not None) == (first, ("dags/one.py",), True)
    assert read_pointer(session, "code").release == first
    assert len(running.world.session.ecs.runs) == syncs + 1
    assert json.loads(running.stored())["code"] == first


class _Killed(BaseException):
    """Stands for Ctrl-C, or worse."""


class _Mortal:
    """A session whose clients die at one call, counted over all of them."""

    def __init__(self, session: FakeSession, moment: int) -> None:
        self._session = session
        self.left = moment

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._session, name)
        return _MortalClient(self, value) if name in CLIENTS else value


class _MortalClient:
    def __init__(self, session: _Mortal, client: object) -> None:
        self._session = session
        self._client = client

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        def call(*positional: Any, **named: Any) -> Any:
            self._session.left -= 1
            if self._session.left == 0:
                raise _Killed
            return attribute(*positional, **named)

        return call


def test_a_push_killed_before_any_of_its_calls_is_invisible_or_whole(home: Path) -> None:
    """The release before is current, or the new one with every object of it; the next push ends with all done."""
    moment = killed = 0
    while killed == moment:
        moment += 1
        running = _without_copies()
        _push(running, home)
        session = running.world.session
        before = read_pointer(session.as_session, "code").release
        (home / "plugins/hello.py").write_text(f"x = {moment + 1}\n")
        _say(running, home)
        mortal = cast("Session", _Mortal(session, moment))
        try:
            push(environment(), mortal, progress=running.progress, airflow_home=home)
        except _Killed:
            killed += 1
        after = read_pointer(session.as_session, "code").release
        held = session.s3.buckets["code"]
        assert {f"releases/{after}/code.tar.gz", f"releases/{after}/release.json"} <= held.keys()
        _push(running, home)
        assert read_pointer(session.as_session, "code").release != before
        assert sorted(session.ecs.redeployed)[-1:] == ["Webserver"]
    assert killed >= 10
