"""Publishing is invisible until its last call, and a wait for Airflow ends with what it says."""

import json

import pytest

from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.store import read_pointer, read_release
from deployer.steps.code.release import AwaitParsed, ClearReleases, MakeCurrent, PublishRelease
from deployer.steps.step import Need
from tests.deployer.fakes.running import Running

ONE = Code((CodeFile("dags/one.py", b"x = 1\n"),))
TWO = Code((CodeFile("dags/one.py", b"x = 2\n"), CodeFile("dags/two.py", b"x = 1\n")))


def _publish(running: Running, code: Code) -> object:
    step = PublishRelease(need=Need.YES, reason="", code=code)
    return step.execute(running.context, running.facts()).uploaded


def test_a_release_becomes_current_and_says_what_changed() -> None:
    """The same again changes nothing."""
    running = Running()
    _publish(running, ONE)
    uploaded = _publish(running, TWO)
    assert vars(uploaded) == {"put": ("dags/one.py", "dags/two.py"), "deleted": ()}
    count = len(running.world.session.s3.replaced)
    _publish(running, TWO)
    assert len(running.world.session.s3.replaced) == count


def test_what_changed_is_what_differs_from_the_release_that_is_current_then() -> None:
    """Also where somebody was faster than the plan knew."""
    running = Running()
    _publish(running, ONE)
    former = read_release(running.world.session.as_session, "code", ONE.release)
    step = PublishRelease(need=Need.YES, reason="", code=TWO, former=former)
    assert step.execute(running.context, running.facts()).uploaded.put == ("dags/one.py", "dags/two.py")
    three = Code((TWO.files[0], CodeFile("dags/two.py", b"x = 3\n")))
    step = PublishRelease(need=Need.YES, reason="", code=three, former=former)
    assert step.execute(running.context, running.facts()).uploaded.put == ("dags/two.py",)


class _Killed(BaseException):
    """Stands for Ctrl-C, or worse."""


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_push_killed_before_any_call_is_invisible_and_the_next_one_heals(moment: int) -> None:
    """The pointer is the last of its three writes."""
    running = Running()
    _publish(running, ONE)
    session, left = running.world.session, [moment]

    def die(_key: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise _Killed

    session.s3.before_replace = die
    with pytest.raises(_Killed):
        _publish(running, TWO)
    session.s3.before_replace = lambda _key: None
    assert read_pointer(session.as_session, "code").release == ONE.release
    _publish(running, TWO)
    assert read_pointer(session.as_session, "code").release == TWO.release


def test_a_release_of_before_becomes_current_again() -> None:
    """Nothing is written but the pointer."""
    running = Running()
    _publish(running, ONE)
    _publish(running, TWO)
    session = running.world.session
    manifest = read_release(session.as_session, "code", ONE.release)
    assert manifest is not None
    before = len(session.s3.replaced)
    facts = MakeCurrent(need=Need.YES, reason="", manifest=manifest).execute(running.context, running.facts())
    assert (facts.version, session.s3.replaced[before:]) == (ONE.release, ["current.json"])


def test_the_wait_ends_with_what_airflow_says_of_this_release() -> None:
    """A report on another release is none."""
    running = Running()
    error = {"file": "dags/one.py", "line": 1, "message": "NameError"}
    report = {"version": "old", "parsed": True, "errors": [error], "runs": {}, "at": ""}
    bucket = running.world.session.s3.buckets["code"]
    bucket["report.json"] = json.dumps(report).encode()
    step = AwaitParsed(need=Need.YES, reason="")
    assert step.execute(running.context, running.facts(version="new")).report_of_dags is None
    assert any("has not parsed it" in note for note in running.progress.notes)
    bucket["report.json"] = json.dumps({**report, "version": "new"}).encode()
    found = step.execute(running.context, running.facts(version="new")).report_of_dags
    assert found is not None
    assert str(found.errors[0]) == "dags/one.py:1: NameError"


def test_clearing_asks_the_yaml_how_much_to_keep() -> None:
    """One release is fewer than any YAML keeps."""
    running = Running()
    _publish(running, ONE)
    ClearReleases(reason="").execute(running.context, running.facts())
    assert read_release(running.world.session.as_session, "code", ONE.release) is not None
