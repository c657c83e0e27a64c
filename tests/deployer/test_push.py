"""A push moves what changed, restarts what must, and is completed by the next one when it was killed."""

import json
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from deployer.deploy import deploy
from deployer.lifetime.ttl import ExpiredRefusal
from deployer.push import Pushed, push
from deployer.release.airflow_home import CodeRefusal, read_code
from deployer.release.upload_code import Uploaded
from deployer.releases.store import read_pointer
from deployer.stacks.preflight import PreflightRefusal
from deployer.tasks.one_off_tasks import OneOffTaskFailure
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.killed import Killed, KilledAt
from tests.deployer.fakes.session import Recorder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two DAGs and a plugin."""
    return write_home(tmp_path, "dags/two.py")


@pytest.fixture
def world(home: Path) -> World:
    """Return a deployed environment."""
    world = World()
    deploy(
        environment(), template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home
    )
    world.session.ecs.runs.clear()
    return world


def _push(world: World, home: Path) -> Pushed:
    return push(environment(), world.session.as_session, progress=Recorder(), airflow_home=home)


def test_what_does_not_reach_the_cluster_is_told(world: World, home: Path) -> None:
    """A folder beside the usual ones would be missed there only."""
    (home / "sql").mkdir()
    recorder = Recorder()
    push(environment(), world.session.as_session, progress=recorder, airflow_home=home)
    assert [note for note in recorder.notes if "sql/ is not brought to the cluster" in note]


def test_only_what_changed_goes_up(world: World, home: Path) -> None:
    """By content, not by time; what is gone here is deleted there."""
    (home / "dags/one.py").write_text("x = 2\n")
    (home / "dags/two.py").unlink()
    (home / "plugins/hello.py").touch()
    pushed = _push(world, home)
    assert (pushed.uploaded.put, pushed.uploaded.deleted) == (("dags/one.py",), ("dags/two.py",))
    assert (pushed.synced, pushed.restarted) == (True, False)
    assert [definition for definition, _ in world.session.ecs.runs] == ["sync:1"]


def test_nothing_changed_is_nothing_to_do(world: World, home: Path) -> None:
    """No task is started."""
    pushed = _push(world, home)
    assert (pushed.uploaded.put, pushed.synced, pushed.restarted) == ((), False, False)
    assert world.session.ecs.runs == []


def test_a_plugin_restarts_every_service(world: World, home: Path) -> None:
    """Airflow reads plugins only when it starts."""
    (home / "plugins/hello.py").write_text("x = 2\n")
    assert _push(world, home).restarted
    assert sorted(world.session.ecs.redeployed) == ["Scheduler", "Webserver"]


def test_a_failed_sync_is_repeated_by_the_next_push(world: World, home: Path) -> None:
    """The upload is done, but the deploy state knows that the file system is behind."""
    (home / "dags/one.py").write_text("x = 2\n")
    world.session.ecs.exits["sync:1"] = 1
    with pytest.raises(OneOffTaskFailure):
        _push(world, home)
    world.session.ecs.exits.clear()
    pushed = _push(world, home)
    assert (pushed.uploaded.put, pushed.synced) == ((), True)


def test_a_push_killed_at_any_call_is_invisible_until_its_release_is_whole(world: World, home: Path) -> None:
    """Only the sync task changes what Airflow sees, and it finds a whole release; the next push completes the rest."""
    session, objects = world.session, world.session.s3.buckets["code"]
    for at in count(1):
        (home / "dags/one.py").write_text(f"x = {at + 10}\n")
        (home / "plugins/hello.py").write_text(f"x = {at + 10}\n")
        calls = KilledAt(session, at)
        with suppress(Killed):
            push(environment(), calls.as_session, progress=Recorder(), airflow_home=home)
        code = read_code(home, "regexp")
        release = code.release
        if session.ecs.runs:
            assert read_pointer(session.as_session, "code").release == release
            assert {f"releases/{release}/code.tar.gz", f"releases/{release}/release.json"} <= objects.keys()
        _push(world, home)
        state = json.loads(session.parameters.values["marker"])
        assert (state["code"], state["restart"]) == (release, code.restart_version)
        assert read_pointer(session.as_session, "code").release == release
        session.ecs.runs.clear()
        if len(calls.made) < at:
            break
    assert at > 10


def test_a_syntax_error_uploads_nothing(world: World, home: Path) -> None:
    """The deployed DAGs stay as they are."""
    count = len(world.session.s3.replaced)
    (home / "dags/one.py").write_text("x = 3\n")
    (home / "dags/two.py").write_text("def\n")
    with pytest.raises(CodeRefusal):
        _push(world, home)
    assert len(world.session.s3.replaced) == count


def test_an_environment_that_is_not_deployed_is_refused(home: Path) -> None:
    """The next step is named."""
    with pytest.raises(PreflightRefusal, match="windsock deploy"):
        _push(World(), home)


def test_an_environment_that_deletes_itself_keeps_no_code_in_its_bucket(world: World, home: Path) -> None:
    """All of it goes up, since the bucket was empty, and is cleared when the file system has it."""
    env = environment(name="ttl: 3d\nname")
    world.session.s3.purge("code")
    (home / "dags/one.py").write_text("x = 3\n")
    pushed = push(env, world.session.as_session, progress=Recorder(), airflow_home=home)
    assert "dags/two.py" in pushed.uploaded.put
    assert pushed.synced
    assert world.session.s3.buckets["code"] == {}
    assert push(env, world.session.as_session, progress=Recorder(), airflow_home=home).uploaded == Uploaded((), ())


def test_a_sleeping_environment_is_not_restarted_by_a_push(world: World, home: Path) -> None:
    """It reads everything when it wakes."""
    env = environment(name='schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname')  # it is Monday
    for name in list(world.session.ecs.running):
        world.session.ecs.scale("cluster", name, 0)
    (home / "plugins/hello.py").write_text("x = 3\n")
    pushed = push(env, world.session.as_session, progress=Recorder(), airflow_home=home)
    assert (pushed.synced, pushed.restarted, world.session.ecs.redeployed) == (True, False, [])
    assert not push(env, world.session.as_session, progress=Recorder(), airflow_home=home).synced


def test_a_push_to_an_environment_that_is_being_deleted_is_refused(world: World, home: Path) -> None:
    """Its time is over, in one sentence."""
    stack = world.session.cloudformation.stacks["demo"]
    world.session.cloudformation.stacks["demo"] = replace(stack, status="DELETE_IN_PROGRESS")
    with pytest.raises(ExpiredRefusal, match="is being deleted"):
        push(environment(name="ttl: 3d\nname"), world.session.as_session, progress=Recorder(), airflow_home=home)


def test_a_push_to_an_environment_that_sleeps_says_what_airflow_will_find(world: World, home: Path) -> None:
    """Until when it sleeps, and which DAG files are new; a changed one is not."""
    env = environment(name="schedule: {when: due}\nname")
    for name in world.session.ecs.running:
        world.session.ecs.scale("cluster", name, 0)
    for name in ("one", "two", "three", "four"):
        (home / f"dags/{name}.py").write_text(f"x = '{name}'\n")
    pushed = push(env, world.session.as_session, progress=Recorder(), airflow_home=home)
    assert pushed.asleep.startswith("demo is asleep.")
    assert pushed.added == ("dags/four.py", "dags/three.py")


def test_a_push_to_an_environment_that_is_awake_says_nothing_of_sleep(world: World, home: Path) -> None:
    """Whatever its schedule."""
    env = environment(name="schedule: {when: due}\nname")
    assert push(env, world.session.as_session, progress=Recorder(), airflow_home=home).asleep == ""
