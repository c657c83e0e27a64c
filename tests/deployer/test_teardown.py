"""A teardown leaves nothing, reports what it kept, and is completed by the next one when it was killed."""

from dataclasses import replace
from pathlib import Path

import pytest

from compiler.model.template_set import TemplateSet
from deployer.aws.rds import Snapshot
from deployer.deploy import deploy
from deployer.plans.teardown import ElsewhereRefusal, ProtectionRefusal
from deployer.record.teardown_report import TeardownReport
from deployer.stacks.preflight import PreflightRefusal
from deployer.stacks.rollout import RolloutFailure
from deployer.teardown import Ending, planned_teardown, teardown
from tests.deployer.fakes.cloudformation import NO_CHANGES
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import Recorder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make the smallest Airflow home."""
    return write_home(tmp_path)


def _world(home: Path, *, protect: bool = False) -> World:
    world = World(protect=protect)
    deploy(
        environment(), template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home
    )
    return world


def _teardown(world: World, unprotect: str | None = None, unprotected: TemplateSet | None = None) -> TeardownReport:
    return teardown(
        environment(), world.session.as_session, progress=Recorder(), unprotect=unprotect, unprotected=unprotected
    )


def _lines(report: TeardownReport) -> set[tuple[str, str]]:
    return {(item.kind, item.name) for item in report.deleted}


def test_everything_is_deleted_and_reported(home: Path) -> None:
    """Objects, stack, revisions, log groups that AWS wrote, templates, and the unused bootstrap stack."""
    world = _world(home)
    world.session.logs.names = ["/aws/rds/instance/db-1/postgresql", "/aws/rds/instance/db-10/postgresql"]
    report = _teardown(world)
    assert _lines(report) == {
        ("objects", "code"),
        ("stack", "demo"),
        ("task definitions", "command"),
        ("log group", "/aws/rds/instance/db-1/postgresql"),
        ("templates", "templates/demo/"),
        ("stack", "windsock-toolkit"),
    }
    assert report.kept == ()
    assert world.session.cloudformation.deleted == ["demo", "windsock-toolkit"]
    assert world.session.s3.buckets == {"templates": {}, "code": {}}
    assert world.session.logs.names == ["/aws/rds/instance/db-10/postgresql"]


def test_a_look_plans_what_goes_and_writes_nothing(home: Path) -> None:
    """It takes no lease; the plan names every resource of the stacks."""
    world = _world(home)
    written = len(world.session.s3.puts)
    session = world.session.as_session
    with planned_teardown(Ending(env=environment()), session, progress=Recorder(), only_look=True) as planned:
        assert ("Storage/CodeBucket", True, "") in [(one.path, one.state, one.kept) for one in planned.plan.fates]
        assert planned.plan.acts
    assert len(world.session.s3.puts) == written


def test_services_end_before_the_stack_goes(home: Path) -> None:
    """A scheduler that still runs would start more tasks; tasks of no service are stopped."""
    world = _world(home)
    stray = "arn:aws:ecs:us-west-2:1:task/cluster/stray"
    world.session.ecs.known[stray] = task(stray, "command:1", status="RUNNING", group="family:command")
    _teardown(world)
    assert world.session.ecs.running["Scheduler"].desired == 0
    assert world.session.ecs.stopped == [stray]


def test_a_teardown_of_nothing_gives_an_empty_report() -> None:
    """It says so and is no failure."""
    assert _teardown(World()).empty


def test_the_second_teardown_finds_nothing(home: Path) -> None:
    """Running it again is always right."""
    world = _world(home)
    _teardown(world)
    world.session.cloudformation.stacks.clear()
    assert _teardown(world).empty


def test_other_environments_keep_the_bootstrap_stack(home: Path) -> None:
    """Their templates stay, and the report says why the bootstrap stack stays."""
    world = _world(home)
    world.session.s3.buckets["templates"]["other/abc.yaml"] = b""
    report = _teardown(world)
    assert [(item.kind, item.name) for item in report.kept] == [("stack", "windsock-toolkit")]
    assert "other" in report.kept[0].note
    assert list(world.session.s3.buckets["templates"]) == ["other/abc.yaml"]


def test_a_final_snapshot_is_reported_as_kept(home: Path) -> None:
    """What still costs money is named, with what it costs and what it is for."""
    world = _world(home)
    world.session.rds.taken = {"db-1": (Snapshot("demo-snapshot", 20),)}
    (kept,) = _teardown(world).kept
    assert kept.name == "demo-snapshot"
    assert kept.note == "database.restore_from.snapshot brings it back, at most USD 1.90 a month"


def test_a_retained_bucket_is_not_emptied(home: Path) -> None:
    """Only what goes with the stack may be emptied."""
    world = _world(home)
    fake = world.session.cloudformation
    fake.templates["demo-storage"] = fake.templates["demo-storage"].replace("Delete", "Retain")
    _teardown(world)
    assert world.session.s3.buckets["code"]


@pytest.mark.parametrize("unprotect", [None, "demmo", "Demo"])
def test_a_protected_environment_is_refused(home: Path, unprotect: str | None) -> None:
    """Only its own name, letter by letter, opens it; nothing was changed."""
    world = _world(home, protect=True)
    with pytest.raises(ProtectionRefusal, match="--unprotect demo"):
        _teardown(world, unprotect, template_set())
    assert world.session.cloudformation.deleted == []
    assert world.session.ecs.running["Scheduler"].desired == 1


def test_protection_is_taken_off_before_the_stack_goes(home: Path) -> None:
    """The same environment without protection is deployed first, with services at zero."""
    world = _world(home, protect=True)
    bare = template_set()
    bare = replace(bare, files={**bare.files, "root.yaml": "Resources: {} # without protection\n"})
    _teardown(world, "demo", bare)
    last = list(world.session.cloudformation.orders.values())[-1]
    assert (last.body, last.parameters["SchedulerCount"]) == ("Resources: {} # without protection\n", "0")
    assert world.session.cloudformation.deleted == ["demo", "windsock-toolkit"]


PROTECTED = environment(name="protect: true\nname")


def _never_came_up(status: str) -> World:
    """Return a protected environment whose first creation failed, and whose rollback kept the database."""
    world = World(protect=True)
    fake = world.session.cloudformation
    fake.outputs("demo", {"SchedulerCount": "0", "WebserverCount": "0"})  # places what the stacks hold
    fake.put("demo", "ROLLBACK_IN_PROGRESS")
    fake.put("demo", status, tags={"windsock:environment": "demo"})
    world.session.rds.protected = {"db-1"}
    return world


@pytest.mark.parametrize("status", ["ROLLBACK_FAILED", "DELETE_FAILED", "CREATE_FAILED"])
@pytest.mark.parametrize("unprotect", [None, "demo"])
def test_a_protected_environment_that_never_came_up_is_torn_down(status: str, unprotect: str | None) -> None:
    """With --unprotect and without: nothing in it was ever used, and nothing is created to delete it."""
    world = _never_came_up(status)
    report = teardown(
        PROTECTED,
        world.session.as_session,
        progress=Recorder(),
        unprotect=unprotect,
        unprotected=template_set() if unprotect else None,
    )
    assert ("stack", "demo") in _lines(report)
    assert world.session.cloudformation.orders == {}


def test_a_deploy_after_a_failed_protected_creation_names_the_teardown(home: Path) -> None:
    """It names the teardown, the teardown works, and the next deploy comes up."""
    world = _never_came_up("ROLLBACK_FAILED")
    members = world.session.cloudformation.members["demo-services"]
    world.session.cloudformation.members["demo-services"] = tuple(
        replace(one, status="DELETE_FAILED") if one.type == "AWS::RDS::DBInstance" else one for one in members
    )

    def again() -> None:
        session, images = world.session.as_session, Images()
        deploy(PROTECTED, template_set(), session, images=images, progress=Recorder(), airflow_home=home)

    with pytest.raises(RolloutFailure, match="windsock teardown") as refusal:
        again()
    assert "db-1" in str(refusal.value)
    definitions = dict(world.session.ecs.definitions)
    teardown(PROTECTED, world.session.as_session, progress=Recorder())
    world.session.ecs.definitions = definitions  # a creation makes them anew
    again()
    assert world.session.cloudformation.stacks["demo"].outputs["Protect"] == "true"


@pytest.mark.parametrize("unprotect", [None, "demo"])
def test_a_protected_environment_whose_deletion_failed_needs_unprotect(home: Path, unprotect: str | None) -> None:
    """Somebody deleted it by hand and AWS refused; it had come up, so only its name ends the protection."""
    world = _world(home, protect=True)
    world.session.rds.protected = {"db-1"}
    stack = world.session.cloudformation.stacks["demo"]
    world.session.cloudformation.put("demo", "DELETE_FAILED", tags=stack.tags, outputs=stack.outputs)
    if unprotect is None:
        with pytest.raises(ProtectionRefusal):
            _teardown(world)
        assert world.session.rds.protected == {"db-1"}
        return
    assert ("stack", "demo") in _lines(_teardown(world, unprotect, template_set()))


def test_a_teardown_after_an_expiry_that_failed_updates_the_role_first(home: Path) -> None:
    """The role is that of the bootstrap stack, and the deletion comes after its update."""
    world = _world(home)
    fake, newer = world.session.cloudformation, "Resources: {Newer: {Type: AWS::IAM::Role}}\n"
    fake.stacks["demo"] = replace(fake.stacks["demo"], status="DELETE_FAILED", role="arn:deletion")
    templates = replace(template_set(), files={**template_set().files, "toolkit.yaml": newer})
    teardown(environment(), world.session.as_session, progress=Recorder(), templates=templates)
    assert fake.executed[-1] == "windsock-toolkit"
    assert fake.templates["windsock-toolkit"] == newer
    assert "demo" in fake.deleted


def test_a_deletion_that_fails_is_tried_again(home: Path) -> None:
    """A late writer may have filled a bucket."""
    world = _world(home)
    world.session.cloudformation.endings["demo"] = ["DELETE_FAILED"]
    assert ("stack", "demo") in _lines(_teardown(world))
    assert world.session.cloudformation.deleted.count("demo") == 2


def test_a_deletion_that_keeps_failing_is_an_error(home: Path) -> None:
    """After three tries; then a colleague has to look."""
    world = _world(home)
    world.session.cloudformation.endings["demo"] = ["DELETE_FAILED"] * 3
    with pytest.raises(RolloutFailure, match="DELETE_FAILED"):
        _teardown(world)


def test_the_remains_of_a_killed_teardown_are_cleared_by_the_next(home: Path) -> None:
    """The stack is gone, but the note tells what it owned."""
    world = _world(home)
    world.session.logs.names = ["/aws/rds/instance/db-1/postgresql"]
    progress = _Dies(at="clear")
    with pytest.raises(_Killed):
        teardown(environment(), world.session.as_session, progress=progress)
    del world.session.cloudformation.stacks["demo"]
    assert _lines(_teardown(world)) >= {("task definitions", "command"), ("templates", "templates/demo/")}
    assert world.session.logs.names == []


def test_a_first_change_set_that_was_refused_leaves_nothing_to_keep(home: Path) -> None:
    """A deploy that never came up is torn down like any other."""
    world = World()
    world.session.cloudformation.refusals["demo"] = NO_CHANGES
    world.session.cloudformation.put("demo", "REVIEW_IN_PROGRESS")
    assert ("stack", "demo") in _lines(_teardown(world))
    assert home.is_dir()


def test_a_stack_of_somebody_else_is_left_alone() -> None:
    """An equal name is no licence to delete."""
    world = World()
    world.session.cloudformation.put("demo", "CREATE_COMPLETE", outputs={"X": "1"})
    with pytest.raises(PreflightRefusal, match="did not make it"):
        _teardown(world)
    assert world.session.cloudformation.deleted == []


def test_an_environment_under_another_name_is_named(home: Path) -> None:
    """Somebody edited the name in the YAML; nothing is called nothing while the old one goes on."""
    world = _world(home)
    renamed = environment(**{"name: demo": "name: renamed"})
    with pytest.raises(ElsewhereRefusal, match="There is demo") as refusal:
        teardown(renamed, world.session.as_session, progress=Recorder())
    assert "windsock list" in refusal.value.next_step
    assert world.session.cloudformation.deleted == []
    report = teardown(renamed.on_branch("x"), world.session.as_session, progress=Recorder())
    assert ("stack", "demo") not in _lines(report), "a branch that is gone is no failure"


class _Killed(BaseException):
    """Stands for the end of the process."""


class _Dies(Recorder):
    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at

    def phase(self, name: str, detail: str) -> None:
        super().phase(name, detail)
        if name == self._at:
            raise _Killed


def test_an_environment_without_templates_keeps_the_bootstrap_stack(home: Path) -> None:
    """Another environment of the account may need it although the bucket holds nothing of that environment."""
    world = _world(home)
    world.session.cloudformation.put("other", "UPDATE_COMPLETE", tags={"windsock:environment": "other"})
    report = _teardown(world)
    assert [(item.name, item.note) for item in report.kept] == [
        ("windsock-toolkit", "other environments use it: other")
    ]


def test_templates_uploaded_during_a_teardown_are_kept(home: Path) -> None:
    """A deploy that began after the first look keeps its templates, and the bootstrap stack stays for it."""
    world = _world(home)
    world.session.cloudformation.endings["windsock-toolkit"] = ["DELETE_FAILED"]
    report = _teardown(world)
    assert [(item.kind, item.name) for item in report.kept] == [("stack", "windsock-toolkit")]
    assert "meanwhile" in report.kept[0].note
    assert world.session.cloudformation.deleted == ["demo", "windsock-toolkit"]
