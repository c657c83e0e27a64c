"""The root stack is provisioned with services at zero, and rolled to image and counts afterwards."""

import json
from collections.abc import Mapping
from dataclasses import asdict

import pytest

from deployer.aws.stacks import STACK_TYPE, Change
from deployer.record.deploy_state import NOTHING
from deployer.stacks.desired_counts import NO_IMAGE
from deployer.stacks.replacement_guard import StateRefusal
from deployer.stacks.upload_templates import upload_templates
from deployer.steps.stacks.root_stack import Provision, RollServices
from deployer.steps.step import Facts, Need
from tests.deployer.fakes.environment import STORAGE, template_set
from tests.deployer.fakes.observed import IMAGE, deployed
from tests.deployer.fakes.running import Running

OTHER = f"sha256:{'b' * 64}"


def _facts(running: Running, image: str = "", storage: str = STORAGE) -> Facts:
    templates = template_set(storage)
    uploaded = upload_templates(running.world.session.as_session, "templates", templates)
    return running.facts(uploaded_templates=uploaded, image=image, image_tag="tag")


def _roll(image: str, *, running: bool = True) -> tuple[Running, Facts]:
    world = Running()
    step = RollServices(need=Need.UNKNOWN, reason="the image may be new", templates=template_set(), running=running)
    return world, step.execute(world.context, _facts(world, image))


def test_provisioning_stops_the_services_and_keeps_the_image() -> None:
    """Nothing else of the parameters is a matter of this step."""
    running = Running()
    facts = Provision(reason="a new database", templates=template_set()).execute(running.context, _facts(running))
    assert facts.root.parameters["SchedulerCount"] == "0"
    assert facts.root.parameters["ImageDigest"] == IMAGE
    assert facts.root.parameters["ImageTag"] == "tag"
    assert facts.changed


def test_a_first_provisioning_has_a_placeholder_for_the_image() -> None:
    """Nothing starts while services are at zero; the deploy state of a new stack is empty."""
    running = Running()
    facts = _facts(running)
    running.world.session.cloudformation.stacks.pop("demo")
    step = Provision(reason="it is not deployed yet", templates=template_set())
    first = Facts(report=facts.report, uploaded_templates=facts.uploaded_templates)
    done = step.execute(running.context, first)
    assert done.root.parameters["ImageDigest"] == NO_IMAGE
    assert done.root.parameters["ImageTag"] == "none"
    assert done.state == NOTHING


def test_services_take_the_new_image() -> None:
    """So no restart is needed after it."""
    running, facts = _roll(OTHER)
    assert (facts.changed, facts.started) == (True, True)
    assert facts.root.parameters["ImageDigest"] == OTHER
    assert facts.root.parameters["ImageTag"] == "tag"
    assert running.progress.phases == ["services"]
    assert any("have 120 seconds to end" in note for note in running.progress.notes)


def test_services_with_the_same_image_and_templates_are_left_alone() -> None:
    """TemplatesUrl is a parameter too, which the first of these sets."""
    running, _ = _roll(IMAGE)
    orders = len(running.world.session.cloudformation.orders)
    step = RollServices(need=Need.UNKNOWN, reason="again", templates=template_set(), running=True)
    facts = step.execute(running.context, _facts(running, IMAGE))
    assert (facts.changed, facts.started) == (False, False)
    assert len(running.world.session.cloudformation.orders) == orders
    assert len(running.progress.notes) == 1, "the first of the two replaced services, the second none"


def test_services_that_are_switched_on_have_started() -> None:
    """Whatever image they ran before."""
    running, facts = _roll(IMAGE, running=False)
    assert facts.started
    assert running.progress.notes == []


def test_a_change_set_that_loses_state_is_refused_and_deleted() -> None:
    """The step looks again at what is deployed, however long ago the plan was made."""
    running = Running()
    storage = STORAGE.replace("CodeBucket", "Other")
    step = RollServices(need=Need.YES, reason="new", templates=template_set(storage), running=True)
    with pytest.raises(StateRefusal):
        step.execute(running.context, _facts(running, IMAGE, storage))
    assert len(running.world.session.cloudformation.deleted_change_sets) == 1
    assert running.world.session.cloudformation.executed == []


def test_a_conditional_replacement_of_state_is_refused_with_its_condition() -> None:
    """The file system becomes another, and the access point hangs on its id."""
    storage = (
        "Resources: {FileSystem: {Type: AWS::EFS::FileSystem},"
        " Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref FileSystem}}}\n"
    )
    running = Running()
    change = Change(action="Modify", logical_id="Storage", type=STACK_TYPE, nested="nested")
    running.world.session.cloudformation.changes = {
        "demo": (change,),
        "nested": (
            Change(action="Add", logical_id="FileSystem", type="AWS::EFS::FileSystem"),
            Change(action="Modify", logical_id="Point", type="AWS::EFS::AccessPoint", replacement="Conditional"),
        ),
    }
    running.world.session.cloudformation.templates["demo-storage"] = storage
    step = RollServices(need=Need.YES, reason="new", templates=template_set(storage), running=True)
    with pytest.raises(StateRefusal, match=r"Storage/Point .* would be replaced if Storage/FileSystem is"):
        step.execute(running.context, _facts(running, IMAGE, storage))


def test_the_deploy_state_outlives_a_change_set_that_resets_it() -> None:
    """CloudFormation writes the whole parameter when a tag changes."""
    running = Running()
    before = running.world.session.cloudformation.outputs

    def reset(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        running.world.session.parameters.values["marker"] = "{}"
        return before(name, parameters)

    running.world.session.cloudformation.outputs = reset
    RollServices(need=Need.YES, reason="new", templates=template_set(), running=True).execute(
        running.context, _facts(running, OTHER)
    )
    assert json.loads(running.stored()) == asdict(deployed().state)
