"""An environment comes to another Airflow release and back, killed at whatever call, with one migration per hop."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from compiler.model.template_set import TemplateSet
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.plans.upgrade import DeployChoices, UpgradeRefusal
from deployer.stacks.replacement_guard import StateRefusal
from deployer.stacks.upload_templates import template_keys
from deployer.steps.upgrade.migrate import MigrationFailure
from deployer.tasks.idle import RunningTasksRefusal
from spec.environment import Environment
from tests.deployer.fakes.environment import STORAGE, Images, World, environment, template_set, write_home
from tests.deployer.fakes.killed import Killed, KilledAt
from tests.deployer.fakes.session import Recorder

BACK = DeployChoices(allow_downgrade=True)
WAIT = DeployChoices(drain_minutes=5)
PYTHONS = {"2.5.3": "3.10", "2.10.5": "3.11", "2.11.2": "3.12", "3.3.2": "3.12"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make the smallest Airflow home."""
    return write_home(tmp_path)


def _env(version: str, **replacements: str) -> Environment:
    efs = {"name:": "code: {delivery: efs}\nname:"}
    return environment(**{**efs, "2.5.3": version, '"3.10"': f'"{PYTHONS[version]}"', **replacements})


def _deploy(world: World, home: Path, version: str, **more: Any) -> Deployment:
    given: dict[str, Any] = {
        "images": Images(f"sha256:image-{version}"),
        "progress": Recorder(),
        "session": world.session.as_session,
        "env": _env(version),
        **more,
    }
    env, session = given.pop("env"), given.pop("session")
    templates = given.pop("templates", template_set())
    return deploy(env, templates, session, airflow_home=home, **given)


def _world(home: Path, version: str = "2.5.3", **more: Any) -> World:
    world = World()
    world.session.ecs.restores = True
    _deploy(world, home, version, **more)
    world.session.ecs.runs.clear()
    return world


def _state(world: World) -> dict[str, str]:
    state: dict[str, str] = json.loads(world.session.parameters.values["marker"])
    return state


def _migrations(world: World) -> list[tuple[str, str]]:
    """Return the image and the database command of each one-off task, in order."""
    found = []
    for definition, script in world.session.ecs.runs:
        command = script.splitlines()[-1] if script else ""
        if command.startswith("airflow db"):
            image = world.session.ecs.definitions[definition]["containerDefinitions"][0]["image"]
            found.append((image.partition("@sha256:")[2], command))
    return found


def test_an_upgrade_goes_hop_by_hop_with_services_at_zero(home: Path) -> None:
    """Images are ready before the standstill, the snapshot is taken before the templates change."""
    world, progress = _world(home), Recorder()
    before = len(world.session.cloudformation.orders)
    assert _deploy(world, home, "3.3.2", progress=progress).changed
    assert progress.phases == [
        *(
            "preflight",
            "toolkit",
            "templates",
            "image",
            "drain",
            "snapshot",
            "provision",
            "database",
            "database",
        ),
        *("services", "verify", "parse"),
    ]
    assert _migrations(world) == [("2.11.2", "airflow db migrate"), ("image-3.3.2", "airflow db migrate")]
    at_zero, provisioned, switched_on = list(world.session.cloudformation.orders.values())[before:]
    assert {at_zero.parameters["SchedulerCount"], provisioned.parameters["DagProcessorCount"]} == {"0"}
    assert "DagProcessorCount" not in at_zero.parameters
    assert switched_on.parameters["DagProcessorCount"] == "1"
    assert switched_on.parameters["ImageDigest"] == "sha256:image-3.3.2"
    assert "Airflow 2.5.3 -> 2.11.2 -> 3.3.2." in progress.notes
    state = _state(world)
    assert (state["airflow_version"], state["migrating"], state["run"]) == ("3.3.2", "", "")
    assert list(world.session.rds.begun) == [state["snapshot"]]
    assert state["snapshot"].startswith("demo-airflow-2-5-3-19700112-")


def test_after_an_upgrade_the_next_deploy_does_nothing(home: Path) -> None:
    """No task, no change set, no snapshot."""
    world = _world(home)
    _deploy(world, home, "3.3.2")
    runs, orders = len(world.session.ecs.runs), len(world.session.cloudformation.orders)
    assert not _deploy(world, home, "3.3.2").changed
    assert (len(world.session.ecs.runs), len(world.session.cloudformation.orders)) == (runs, orders)


def test_a_downgrade_goes_the_same_road_back_by_the_newer_images(home: Path) -> None:
    """The deployed image knows the way down; that of the release between is built. Each has its own snapshot."""
    world = _world(home)
    _deploy(world, home, "3.3.2")
    world.session.ecs.runs.clear()
    _deploy(world, home, "2.5.3", choices=BACK)
    assert _migrations(world) == [
        ("image-3.3.2", "airflow db downgrade --to-version 2.11.2 --yes"),
        ("2.11.2", "airflow db downgrade --to-version 2.5.3 --yes"),
        ("image-2.5.3", "airflow db upgrade"),
    ]
    assert _state(world)["airflow_version"] == "2.5.3"
    assert len(world.session.rds.begun) == 2


def test_a_downgrade_is_refused_unless_it_is_allowed_by_name(home: Path) -> None:
    """Nothing is stopped for it."""
    world = _world(home, "2.11.2")
    with pytest.raises(UpgradeRefusal, match=r"at Airflow 2\.11\.2, and the YAML says 2\.5\.3, which is older") as no:
        _deploy(world, home, "2.5.3")
    assert "--allow-downgrade" in no.value.next_step
    assert world.session.ecs.runs == []


def test_a_downgrade_that_is_allowed_takes_what_only_the_newer_release_had(home: Path) -> None:
    """No further flag names it; the plan does. What both releases have stays guarded."""
    group = "  DagProcessorLogGroup: {Type: AWS::Logs::LogGroup}\n"
    newer, older = template_set(f"{STORAGE}{group}"), template_set(STORAGE)
    world = _world(home, "2.11.2")
    _deploy(world, home, "3.3.2", templates=newer)
    with pytest.raises(StateRefusal, match="Storage/CodeBucket") as refusal:
        _deploy(world, home, "2.11.2", choices=BACK, templates=template_set("Resources: {}\n"))
    assert "DagProcessor" not in str(refusal.value)
    _deploy(world, home, "2.11.2", choices=BACK, templates=older)
    assert _state(world)["airflow_version"] == "2.11.2"


@pytest.mark.parametrize(
    ("before", "after"), [("2.5.3", "3.3.2"), pytest.param("3.3.2", "2.5.3", marks=pytest.mark.endurance)]
)
def test_killed_at_any_call_it_comes_to_the_same_end_with_one_migration_per_hop(
    home: Path, before: str, after: str
) -> None:
    """After each answer of AWS; the second run completes what the first began."""
    wanted = _world(home, before)
    calls = KilledAt(wanted.session, 0)
    _deploy(wanted, home, after, session=calls.as_session, choices=BACK)
    expected = _migrations(wanted)
    assert len(calls.made) > 50
    for at in range(1, len(calls.made) + 1):
        world = _world(home, before)
        with pytest.raises(Killed):
            _deploy(world, home, after, session=KilledAt(world.session, at).as_session, choices=BACK)
        _deploy(world, home, after, choices=BACK)
        assert _end(world) == _end(wanted), f"killed at call {at}: {calls.made[at - 1]}"
        assert _migrations(world) == expected, f"killed at call {at}: {calls.made[at - 1]}"


def _with_instance(version: str) -> TemplateSet:
    allow = ", AllowMajorVersionUpgrade: true" if version == "17" else ""
    properties = f"{{Engine: postgres, EngineVersion: '{version}', AllocatedStorage: '20'{allow}}}"
    return template_set(f"{STORAGE}  Instance: {{Type: AWS::RDS::DBInstance, Properties: {properties}}}\n")


def test_a_newer_engine_is_provisioned_at_rest_after_a_snapshot(home: Path) -> None:
    """Airflow's own schema stays, so no one-off task migrates to another release."""
    world, progress = _world(home, templates=_with_instance("16")), Recorder()
    before = len(world.session.cloudformation.orders)
    assert _deploy(world, home, "2.5.3", templates=_with_instance("17"), progress=progress).changed
    assert progress.phases[3:] == ["image", "drain", "snapshot", "provision", "services", "verify", "parse"]
    at_zero, provisioned, switched_on = list(world.session.cloudformation.orders.values())[before:]
    assert at_zero.parameters["StorageTemplate"] != provisioned.parameters["StorageTemplate"]
    assert {at_zero.parameters["SchedulerCount"], provisioned.parameters["SchedulerCount"]} == {"0"}
    assert switched_on.parameters["SchedulerCount"] == "1"
    assert list(world.session.rds.begun) == [_state(world)["snapshot"]]
    assert "PostgreSQL 16 -> 17." in progress.notes


@pytest.mark.endurance
def test_killed_at_any_call_a_newer_engine_comes_to_the_same_end(home: Path) -> None:
    """With one snapshot, and services that run."""
    old, new = _with_instance("16"), _with_instance("17")
    wanted = _world(home, templates=old)
    calls = KilledAt(wanted.session, 0)
    _deploy(wanted, home, "2.5.3", session=calls.as_session, templates=new)
    for at in range(1, len(calls.made) + 1):
        world = _world(home, templates=old)
        with pytest.raises(Killed):
            _deploy(world, home, "2.5.3", session=KilledAt(world.session, at).as_session, templates=new)
        _deploy(world, home, "2.5.3", templates=new)
        assert _end(world) == _end(wanted), f"killed at call {at}: {calls.made[at - 1]}"


def _failed(home: Path) -> World:
    """Return an environment whose upgrade failed half way, with outputs that follow the templates."""
    world = _world(home, templates=_serving("Instance"))
    world.session.ecs.exits = _failing(world)
    with pytest.raises(MigrationFailure):
        _deploy(world, home, "3.3.2", templates=_serving("Instance"))
    world.session.ecs.exits = {}
    world.session.ecs.runs.clear()
    before, restored = world.session.cloudformation.outputs, template_keys(_serving("Instance2"))

    def outputs(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        other = parameters.get("StorageTemplate") == restored["StorageTemplate"]
        return {**before(name, parameters), **({"DatabaseInstance": "db-2"} if other else {})}

    world.session.cloudformation.outputs = outputs
    return world


def _serving(instance: str) -> TemplateSet:
    both = "".join(f"  {name}: {{Type: AWS::RDS::DBInstance}}\n" for name in sorted({"Instance", instance}))
    return template_set(f"{STORAGE}{both}Outputs: {{DatabaseInstance: {{Value: !Ref {instance}}}}}\n")


def test_another_instance_takes_the_place_of_a_database_that_cannot_go_back(home: Path) -> None:
    """No release undoes anything: the database of before is set up, and no migration is under way any more."""
    world, progress = _failed(home), Recorder()
    _deploy(world, home, "2.5.3", templates=_serving("Instance2"), progress=progress)
    assert "Storage/Instance2." in progress.notes
    assert [command for _, command in _migrations(world)] == []
    (command,) = (script for _, script in world.session.ecs.runs if "airflow db" in script)
    assert "\nairflow db init\n" in command
    state = _state(world)
    assert (state["database"], state["airflow_version"]) == ("db-2", "2.5.3")
    assert (state["migrating"], state["migrating_image"]) == ("", "")
    assert world.session.cloudformation.stacks["demo"].parameters["SchedulerCount"] == "1"
    assert not _deploy(world, home, "2.5.3", templates=_serving("Instance2")).changed


@pytest.mark.endurance
def test_killed_at_any_call_another_instance_takes_the_place_all_the_same(home: Path) -> None:
    """Whatever was begun on the way."""
    wanted = _failed(home)
    calls = KilledAt(wanted.session, 0)
    _deploy(wanted, home, "2.5.3", session=calls.as_session, templates=_serving("Instance2"))
    for at in range(1, len(calls.made) + 1):
        world = _failed(home)
        session = KilledAt(world.session, at).as_session
        with pytest.raises(Killed):
            _deploy(world, home, "2.5.3", session=session, templates=_serving("Instance2"))
        _deploy(world, home, "2.5.3", templates=_serving("Instance2"))
        assert _end(world) == _end(wanted), f"killed at call {at}: {calls.made[at - 1]}"


def test_killed_at_any_call_an_upgrade_is_taken_back(home: Path) -> None:
    """Where it stands, the older release runs again: what had begun is undone by the release that had begun it."""
    whole = _world(home)
    calls = KilledAt(whole.session, 0)
    _deploy(whole, home, "3.3.2", session=calls.as_session)
    for at in range(1, len(calls.made) + 1):
        world = _world(home)
        with pytest.raises(Killed):
            _deploy(world, home, "3.3.2", session=KilledAt(world.session, at).as_session)
        begun = _migrations(world)
        _deploy(world, home, "2.5.3", choices=BACK)
        assert (_state(world)["airflow_version"], _state(world)["migrating"]) == ("2.5.3", "")
        assert world.session.cloudformation.stacks["demo"].parameters["SchedulerCount"] == "1"
        undone = [command for _, command in _migrations(world)[len(begun) :] if "downgrade" in command]
        # A migration that was only announced is undone too: nobody knows whether its task has started.
        assert len(begun) <= len(undone) <= len(begun) + 1, f"killed at call {at}: {calls.made[at - 1]}"


def _end(world: World) -> Any:
    stack = world.session.cloudformation.stacks["demo"]
    state = {key: value for key, value in _state(world).items() if key != "snapshot"}
    counts = {name: service.desired for name, service in world.session.ecs.running.items()}
    return stack.parameters, state, counts, len(world.session.rds.begun)


def test_a_migration_that_fails_says_both_ways_on(home: Path) -> None:
    """Again, or back; the snapshot stands in the lines that go on with it, and services are at zero."""
    world = _world(home)
    world.session.ecs.exits = _failing(world)
    with pytest.raises(MigrationFailure, match=r"from Airflow 2\.5\.3 to 2\.11\.2; services are at zero") as failure:
        _deploy(world, home, "3.3.2")
    snapshot = _state(world)["snapshot"]
    assert "set airflow.version to 2.5.3 and run `windsock deploy --allow-downgrade`" in failure.value.next_step
    assert f"restore_from: {{snapshot: {snapshot}, generation: 2}}" in failure.value.next_step
    assert world.session.cloudformation.stacks["demo"].parameters["SchedulerCount"] == "0"
    world.session.ecs.exits = {}
    _deploy(world, home, "3.3.2")
    assert Counter(_migrations(world)) == {
        ("2.11.2", "airflow db migrate"): 2,
        ("image-3.3.2", "airflow db migrate"): 1,
    }


def _failing(world: World) -> dict[str, int]:
    """Return exit codes with which the revision fails that is registered next."""
    return {f"arn:aws:ecs:us-west-2:123456789012:task-definition/command:{len(world.session.ecs.definitions) + 1}": 1}


def test_a_failed_upgrade_is_taken_back_by_the_release_that_failed(home: Path) -> None:
    """The database may be anywhere between the two."""
    world = _world(home)
    world.session.ecs.exits = _failing(world)
    with pytest.raises(MigrationFailure):
        _deploy(world, home, "2.11.2")
    world.session.ecs.exits = {}
    with pytest.raises(UpgradeRefusal, match="--allow-downgrade"):
        _deploy(world, home, "2.5.3")
    world.session.ecs.runs.clear()
    _deploy(world, home, "2.5.3", choices=BACK)
    assert _migrations(world)[0] == ("image-2.11.2", "airflow db downgrade --to-version 2.5.3 --yes")
    assert world.session.cloudformation.stacks["demo"].parameters["SchedulerCount"] == "1"


def test_tasks_that_do_not_end_stop_an_upgrade_before_it_changes_anything(home: Path) -> None:
    """Services run on, and no snapshot was taken."""
    world = _world(home)
    world.session.ecs.exits = {"command:1": 1}
    before = len(world.session.cloudformation.orders)
    with pytest.raises(RunningTasksRefusal):
        _deploy(world, home, "2.11.2", choices=WAIT)
    assert len(world.session.cloudformation.orders) == before
    assert world.session.rds.begun == {}
    assert {service.desired for service in world.session.ecs.running.values()} == {1}


def test_a_rollout_waits_for_tasks_where_that_is_wanted(home: Path) -> None:
    """Another image replaces the scheduler; a deploy that changes nothing waits for nothing."""
    world = _world(home)
    _deploy(world, home, "2.5.3", choices=WAIT)
    assert world.session.ecs.runs == []
    _deploy(world, home, "2.5.3", choices=WAIT, images=Images("sha256:other"))
    assert "task_instance" in world.session.ecs.runs[-1][1]


@pytest.mark.parametrize("lose", [lambda world: world.session.parameters.values.update(marker="{}")])
def test_a_lost_deploy_state_is_made_up_for_by_what_runs(home: Path, lose: Callable[[World], None]) -> None:
    """The stack says which release and image run, so that nobody migrates 2.5.3 directly to 3.3.2."""
    world = _world(home)
    lose(world)
    _deploy(world, home, "3.3.2")
    assert [image for image, _ in _migrations(world)] == ["2.11.2", "image-3.3.2"]
