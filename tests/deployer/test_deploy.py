"""A deploy brings everything up in order, does nothing twice, and is completed by the next one when it was killed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deployer.databases.dump_file import DumpFile
from deployer.deploy import deploy, planned_deploy
from deployer.deployment import Deployment
from deployer.stacks.desired_counts import NO_IMAGE
from deployer.stacks.preflight import PreflightRefusal
from deployer.stacks.replacement_guard import StateRefusal
from deployer.tasks.one_off_tasks import OneOffTaskFailure
from spec.errors import Refusal
from tests.deployer.fakes.calls import CountedCalls
from tests.deployer.fakes.environment import STORAGE, Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import Recorder

WRITING = ("create", "put", "replace", "delete", "run", "write", "execute", "scale", "update")


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make the smallest Airflow home."""
    return write_home(tmp_path)


def _deploy(world: World, home: Path, progress: Recorder | None = None, **more: Any) -> Deployment:
    given: dict[str, Any] = {"env": environment(), "templates": template_set(), "images": Images(), **more}
    env, templates = given.pop("env"), given.pop("templates")
    return deploy(env, templates, world.session.as_session, progress=progress or Recorder(), airflow_home=home, **given)


def test_a_first_deploy_goes_through_every_phase(home: Path) -> None:
    """Services stay at zero until image, code and database are there; then they run and are looked at."""
    world, progress = World(), Recorder()
    deployment = _deploy(world, home, progress)
    assert progress.phases == [
        *("preflight", "pins", "toolkit", "templates", "provision", "image", "code", "sync", "database", "admin"),
        *("services", "verify", "parse"),
    ]
    first, second = (order for order in world.session.cloudformation.orders.values() if order.stack == "demo")
    assert (first.kind, first.parameters["SchedulerCount"], first.parameters["ImageDigest"]) == (
        "CREATE",
        "0",
        NO_IMAGE,
    )
    assert (second.kind, second.parameters["SchedulerCount"]) == ("UPDATE", "1")
    assert second.parameters["ImageDigest"] == f"sha256:{'a' * 64}"
    assert second.tags == {"team": "data", "windsock:environment": "demo"}
    assert deployment.changed
    assert deployment.admin_secret == "arn:secret"


def test_the_database_task_runs_the_image_that_was_just_pushed(home: Path) -> None:
    """The stack's own command task still has the placeholder; a revision of it has the image."""
    world = World()
    _deploy(world, home)
    definition, script = world.session.ecs.runs[1]
    image = world.session.ecs.definitions[definition]["containerDefinitions"][0]["image"]
    assert image == f"123456789012.dkr.ecr.us-west-2.amazonaws.com/repository@sha256:{'a' * 64}"
    assert "airflow db init" in script


def test_the_second_deploy_of_the_same_does_nothing(home: Path) -> None:
    """No change set, no task, no upload."""
    world = World()
    _deploy(world, home)
    orders, runs, puts = (
        len(world.session.cloudformation.orders),
        len(world.session.ecs.runs),
        sorted(world.session.s3.buckets["code"]),
    )
    assert not _deploy(world, home).changed
    after = (
        len(world.session.cloudformation.orders),
        len(world.session.ecs.runs),
        sorted(world.session.s3.buckets["code"]),
    )
    assert after == (orders, runs, puts)


def test_a_new_image_is_migrated_before_services_roll(home: Path) -> None:
    """Running services stay up; one change set carries the new image."""
    world = World()
    _deploy(world, home)
    before = len(world.session.cloudformation.orders)
    _deploy(world, home, images=Images(f"sha256:{'b' * 64}"))
    assert "airflow db upgrade" in world.session.ecs.runs[-1][1]
    assert "users create" not in world.session.ecs.runs[-1][1]
    (order,) = list(world.session.cloudformation.orders.values())[before:]
    assert (order.parameters["SchedulerCount"], order.parameters["ImageDigest"]) == ("1", f"sha256:{'b' * 64}")


def test_a_changed_plugin_restarts_what_runs(home: Path) -> None:
    """CloudFormation sees no change, but Airflow reads plugins only when it starts."""
    world = World()
    _deploy(world, home)
    (home / "plugins/hello.py").write_text("x = 2\n")
    _deploy(world, home)
    assert sorted(world.session.ecs.redeployed) == ["Scheduler", "Webserver"]
    world.session.ecs.redeployed.clear()
    _deploy(world, home)
    assert world.session.ecs.redeployed == []


def test_a_database_that_came_back_as_another_is_initialised_and_services_start_anew(home: Path) -> None:
    """The web server of Airflow 2 writes its roles when it starts: without that the admin might see no page."""
    world = World()
    _deploy(world, home)
    stacks = world.session.cloudformation.stacks
    stacks["demo"] = replace(stacks["demo"], outputs={**stacks["demo"].outputs, "DatabaseInstance": "db-2"})
    progress = Recorder()
    _deploy(world, home, progress)
    assert [phase for phase in progress.phases if phase in {"database", "admin", "restart"}] == [
        *("database", "admin", "restart"),
    ]
    assert set(world.session.ecs.redeployed) == {"Webserver", "Scheduler"}
    again = Recorder()
    _deploy(world, home, again)
    assert not {"database", "restart"} & set(again.phases)


def test_a_failed_one_off_task_stops_the_deploy_and_runs_again(home: Path) -> None:
    """Services stay at zero; the next deploy starts a new task instead of finding the failed one."""
    world = World()
    world.session.ecs.exits["arn:aws:ecs:us-west-2:123456789012:task-definition/sync:3"] = 1
    with pytest.raises(OneOffTaskFailure, match="sync task failed"):
        _deploy(world, home)
    assert world.session.cloudformation.stacks["demo"].parameters["SchedulerCount"] == "0"
    world.session.ecs.exits.clear()
    assert _deploy(world, home).changed


def _moments(home: Path) -> Iterator[int]:
    world = World()
    _deploy(world, home)
    yield from range(len(world.session.s3.replaced))


def test_a_deploy_that_was_killed_is_completed_by_the_next(home: Path) -> None:
    """At whichever write it ends: the next one converges, and no work of a one-off task is lost."""
    for moment in _moments(home):
        world = World()
        left = [moment]

        def die(_key: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == -1:
                raise Killed

        world.session.s3.before_replace = die
        with pytest.raises(Killed):
            _deploy(world, home)
        assert not _deploy(world, home).health.complaints
        assert world.session.cloudformation.stacks["demo"].parameters["SchedulerCount"] == "1"
        assert not _deploy(world, home).changed


def test_a_killed_run_joins_the_tasks_it_started(home: Path) -> None:
    """The deploy state keeps the run's name, so the same request starts no second migration."""
    world = World()
    writes: list[str] = []

    def die(key: str) -> None:
        writes.append(key)
        if len(writes) == 2:
            raise Killed

    world.session.parameters.before_write = die
    with pytest.raises(Killed):
        _deploy(world, home)
    started = len(world.session.ecs.runs)
    assert started == 2
    _deploy(world, home)
    assert len(world.session.ecs.runs) == started


def test_another_account_is_refused_before_anything(home: Path) -> None:
    """Both accounts are named."""
    world = World()
    world.session.account = "999999999999"
    with pytest.raises(PreflightRefusal, match=r"999999999999.*123456789012"):
        _deploy(world, home)
    assert world.session.cloudformation.orders == {}


def test_a_stack_of_somebody_else_is_left_alone(home: Path) -> None:
    """An equal name is no licence to overwrite."""
    world = World()
    world.session.cloudformation.put("demo", "CREATE_COMPLETE")
    with pytest.raises(PreflightRefusal, match="did not make it"):
        _deploy(world, home)


def test_a_loss_of_state_is_refused_before_the_image_is_built(home: Path) -> None:
    """The templates alone show it; nothing has been changed."""
    world, images = World(), Images()
    _deploy(world, home)
    smaller = template_set(STORAGE.replace("CodeBucket", "Renamed"))
    with pytest.raises(StateRefusal, match=r"Storage/CodeBucket.*would be removed"):
        _deploy(world, home, templates=smaller, images=images)
    assert images.requested == []
    assert _deploy(world, home, templates=smaller, allowed=frozenset({"Storage/CodeBucket"})).changed


def test_a_syntax_error_is_refused_before_anything(home: Path) -> None:
    """Code is read first."""
    world = World()
    (home / "dags/one.py").write_text("def\n")
    with pytest.raises(Refusal, match=r"one\.py:1:4"):
        _deploy(world, home)
    assert world.session.cloudformation.orders == {}


def test_an_interrupted_deploy_is_completed_by_the_next(home: Path) -> None:
    """Ctrl-C passes through; what was begun is joined and finished by running it again."""

    def interrupt(_key: str) -> None:
        raise KeyboardInterrupt

    world = World()
    world.session.s3.before_replace = interrupt
    with pytest.raises(KeyboardInterrupt):
        _deploy(world, home)
    world.session.s3.before_replace = lambda _key: None
    assert _deploy(world, home).changed


def test_an_environment_that_deletes_itself_leaves_no_code_and_no_templates(home: Path) -> None:
    """Its templates lay where they pass; CloudFormation and the file system have read what was uploaded."""
    world = World()
    world.session.scheduler.starts["windsock-demo-expiry"] = datetime(2026, 7, 1, tzinfo=UTC)
    deployment = _deploy(world, home, env=environment(name="ttl: 3d\nname"), templates=template_set(lifetime="{}"))
    assert deployment.expires == datetime(2026, 7, 1, tzinfo=UTC)
    assert world.session.s3.buckets == {"templates": {}, "code": {}}
    first, second = (order for order in world.session.cloudformation.orders.values() if order.stack == "demo")
    assert first.parameters["TemplatesUrl"].endswith("/templates/passing/demo")
    assert first.parameters["ExpiresAt"] == second.parameters["ExpiresAt"] == "1970-01-15T13:46:41Z"
    assert first.parameters["DeletionRole"] == "arn:deletion"


def test_a_deploy_at_night_wakes_what_sleeps(home: Path) -> None:
    """And leaves it to the next evening to send it to sleep again."""
    world, progress = World(), Recorder()
    _deploy(world, home)
    for name in list(world.session.ecs.running):
        world.session.ecs.scale("cluster", name, 0)
    with pytest.raises(Refusal, match="not healthy"):  # the tasks of this cluster do not come back by themselves
        _deploy(world, home, progress)
    assert "wake" in progress.phases
    assert {service.desired for service in world.session.ecs.running.values()} == {1}


def test_the_deploy_state_outlives_a_changed_tag(home: Path) -> None:
    """CloudFormation writes the parameter's first value again; nothing is initialised a second time for that."""
    world = World()
    _deploy(world, home)
    runs = len(world.session.ecs.runs)
    known = world.session.parameters.values["marker"]
    before = world.session.cloudformation.outputs

    def forget(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        world.session.parameters.values["marker"] = "{}"
        return before(name, parameters)

    world.session.cloudformation.outputs = forget
    _deploy(world, home, env=environment(**{"team: data": "team: other"}))
    assert world.session.parameters.values["marker"] == known
    assert len(world.session.ecs.runs) == runs


def test_a_deploy_that_does_nothing_makes_few_calls(home: Path) -> None:
    """Of each thing one look, and none before a step with nothing to do; three for the lease, two for the release."""
    world = World()
    _deploy(world, home)
    calls = CountedCalls(world.session)
    arguments: dict[str, Any] = {"images": Images(), "progress": Recorder(), "airflow_home": home}
    assert not deploy(environment(), template_set(), calls.as_session, **arguments).changed
    assert calls.made.total() <= 27, calls.made


def test_a_look_at_the_plan_writes_nothing(home: Path) -> None:
    """Neither before a first deploy nor later, not even a lease."""
    world = World()
    for _ in range(2):
        calls = CountedCalls(world.session)
        arguments: dict[str, Any] = {"progress": Recorder(), "airflow_home": home, "only_look": True}
        with planned_deploy(environment(), template_set(), calls.as_session, **arguments) as planned:
            assert planned.plan.final
        assert not {call for call in calls.made if any(word in call for word in WRITING)}
        _deploy(world, home)


def test_a_stack_at_work_is_settled_before_the_plan_that_counts(home: Path) -> None:
    """The first plan only says so; the next one is made of what is there afterwards."""
    world = World()
    _deploy(world, home)
    stack = world.session.cloudformation.stacks["demo"]
    world.session.cloudformation.stacks["demo"] = replace(stack, status="UPDATE_ROLLBACK_FAILED")
    arguments: dict[str, Any] = {"progress": Recorder(), "airflow_home": home}
    with planned_deploy(environment(), template_set(), world.session.as_session, **arguments) as planned:
        assert [step.name for step in planned.plan.steps] == ["preflight"]
        settled = planned.settle(Recorder())
        assert settled.plan.final
        assert settled.execute(Images(), Recorder()).name == "demo"
    assert world.session.cloudformation.continued


def test_a_dump_is_read_also_after_a_first_deploy_that_only_reviewed(home: Path, tmp_path: Path) -> None:
    """Its change set has made the stack, and nothing in it: the database is still to begin with the dump."""
    world, file = World(), tmp_path / "airflow.sql"
    file.write_bytes(b"-- PostgreSQL database dump\n")
    world.session.cloudformation.put("demo", "REVIEW_IN_PROGRESS")
    env = environment(**{"network:": 'database: {version: "15", restore_from: {dump: airflow.sql}}\nnetwork:'})
    _deploy(world, home, env=env, dump=DumpFile(file))
    assert json.loads(world.session.parameters.values["marker"])["dump"] == DumpFile(file).content
