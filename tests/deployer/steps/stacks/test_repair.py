"""A repair makes again what somebody deleted, and says what stays away."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from compiler.model.template_set import TemplateSet
from deployer.aws.stacks import STACK_TYPE, Change, Resource
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.plans.repair import MissingRefusal
from deployer.plans.upgrade import DeployChoices
from deployer.stacks.replacement_guard import StateRefusal
from deployer.stacks.rollout import RolloutFailure
from deployer.stacks.upload_templates import upload_templates
from deployer.status import status
from deployer.steps.stacks.repair import RepairStack
from tests.deployer.fakes.environment import STORAGE, Images, World, environment, template_set, write_home
from tests.deployer.fakes.observed import IMAGE
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.session import Recorder


def _repair(running: Running, templates: TemplateSet | None = None) -> None:
    step = RepairStack(reason="it lacks something", templates=templates or template_set())
    uploaded = upload_templates(running.world.session.as_session, "templates", templates or template_set())
    step.execute(running.context, running.facts(uploaded_templates=uploaded))


def test_what_is_missing_is_made_again_and_the_rest_stays() -> None:
    """The change set compares with what there is; counts and image are those of now."""
    running = Running()
    _repair(running)
    (order,) = running.world.session.cloudformation.orders.values()
    assert order.reverts_drift
    assert (order.parameters["SchedulerCount"], order.parameters["ImageDigest"]) == ("1", IMAGE)


def test_services_wait_at_zero_for_code_whose_bucket_is_gone() -> None:
    """They would end at once with an empty one, and CloudFormation would take everything back."""
    running = Running()
    session, fake = running.world.session, running.world.session.cloudformation
    del session.s3.buckets["code"]
    before = fake.outputs

    def made_again(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        session.s3.buckets.setdefault("code", {})
        return before(name, parameters)

    fake.outputs = made_again
    _repair(running)
    (order,) = fake.orders.values()
    assert (order.parameters["SchedulerCount"], order.parameters["ImageDigest"]) == ("0", IMAGE)


def test_a_secret_that_waits_for_its_deletion_keeps_its_value() -> None:
    """It is restored before CloudFormation looks, so that no other takes its place."""
    running = Running()
    session = running.world.session
    key = Resource(
        logical_id="FernetSeed",
        physical_id="arn:seed",
        type="AWS::SecretsManager::Secret",
        status="CREATE_COMPLETE",
    )
    session.cloudformation.members["demo"] += (key,)
    session.secrets.values["arn:seed"] = "seed"
    session.secrets.ends["arn:seed"] = datetime(2026, 12, 1, tzinfo=UTC)
    _repair(running)
    assert (session.secrets.values["arn:seed"], session.secrets.ends) == ("seed", {})


def test_what_stays_away_is_an_error() -> None:
    """Otherwise a deploy would repair it without end."""
    running = Running()
    del running.world.session.s3.buckets["code"]
    with pytest.raises(RolloutFailure, match="did not make Storage/CodeBucket again"):
        _repair(running)


def test_a_repair_that_loses_state_is_refused() -> None:
    """It may take back what somebody changed, but not a database."""
    running = Running()
    change = Change(action="Remove", logical_id="Instance", type="AWS::RDS::DBInstance")
    running.world.session.cloudformation.changes = {"demo": (change,)}
    with pytest.raises(StateRefusal, match="Instance"):
        _repair(running, template_set(STORAGE))


def test_a_repair_that_may_lose_state_is_refused_with_its_condition() -> None:
    """An instance hangs on the subnet group that is made again, and the change set leaves open what becomes of it."""
    storage = (
        f"{STORAGE}  Group: {{Type: AWS::RDS::DBSubnetGroup}}\n"
        "  Instance: {Type: AWS::RDS::DBInstance, Properties: {DBSubnetGroupName: !Ref Group}}\n"
    )
    running = Running()
    fake = running.world.session.cloudformation
    fake.templates["demo-storage"] = storage
    fake.changes = {
        "demo": (Change(action="Modify", logical_id="Storage", type=STACK_TYPE, nested="nested"),),
        "nested": (
            Change(action="Add", logical_id="Group", type="AWS::RDS::DBSubnetGroup"),
            Change(action="Modify", logical_id="Instance", type="AWS::RDS::DBInstance", replacement="Conditional"),
        ),
    }
    with pytest.raises(StateRefusal, match=r"Storage/Instance .* would be replaced if Storage/Group is"):
        _repair(running, template_set(storage))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make the smallest Airflow home."""
    return write_home(tmp_path)


def _deploy(world: World, home: Path, *, repair: bool = False) -> Deployment:
    return deploy(
        environment(),
        template_set(),
        world.session.as_session,
        images=Images(),
        progress=Recorder(),
        airflow_home=home,
        choices=DeployChoices(repair=repair),
    )


def _delete(world: World, what: str) -> None:
    """Delete a part by hand; CloudFormation makes it again when it compares with what there is."""
    session, fake = world.session, world.session.cloudformation
    before = fake.outputs
    if what == "the scheduler service":
        del session.ecs.running["Scheduler"]
    else:
        del session.s3.buckets[what.rpartition(" ")[2]]

    def made_again(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        if list(fake.orders.values())[-1].reverts_drift:
            session.s3.buckets.setdefault("templates" if name == "windsock-toolkit" else "code", {})
        return before(name, parameters)

    fake.outputs = made_again


@pytest.mark.parametrize("what", ["the code bucket code", "the scheduler service"])
def test_what_was_deleted_by_hand_is_named_and_made_again_when_asked(home: Path, what: str) -> None:
    """Without the option nothing is taken back that somebody changed; with it the environment is up again."""
    world = World()
    _deploy(world, home)
    _delete(world, what)
    with pytest.raises(MissingRefusal, match=what) as refusal:
        _deploy(world, home)
    assert "--repair" in refusal.value.next_step
    assert _deploy(world, home, repair=True).health.complaints == ()
    assert world.session.s3.buckets["code"]
    assert world.session.ecs.running["Scheduler"].running == 1


def test_a_templates_bucket_that_was_deleted_is_made_again(home: Path) -> None:
    """Of itself: it holds nothing but what a deploy uploads."""
    world = World()
    _deploy(world, home)
    _delete(world, "the bucket templates")
    _deploy(world, home)
    assert any(key.startswith("demo/") for key in world.session.s3.buckets["templates"])


def test_a_status_names_what_is_missing(home: Path) -> None:
    """Although CloudFormation and the services are well."""
    world = World()
    _deploy(world, home)
    assert status(environment(), world.session.as_session).missing == ()
    del world.session.s3.buckets["code"]
    seen = status(environment(), world.session.as_session)
    assert (seen.missing, seen.well) == (("Storage/CodeBucket",), False)
