"""A change set is reviewed for what it is sure to lose and for what it leaves open."""

import pytest

from deployer.aws.stacks import Change
from deployer.losses.review import review
from deployer.stacks.change_sets import PlannedChange, Proposal
from deployer.stacks.replacement_guard import StateRefusal
from deployer.stacks.upload_templates import template_keys
from tests.deployer.fakes.environment import World, template_set

POINT = "AWS::EFS::AccessPoint"
TEMPLATES = template_set(
    "Resources: {FileSystem: {Type: AWS::EFS::FileSystem},"
    f" Point: {{Type: {POINT}, Properties: {{FileSystemId: !Ref FileSystem}}}}}}\n"
)
ADDED = PlannedChange("Storage/FileSystem", Change(action="Add", logical_id="FileSystem", type="AWS::EFS::FileSystem"))


def _review(*changes: PlannedChange, allowed: frozenset[str] = frozenset(), first: bool = False) -> None:
    fake = World().session
    stack = fake.cloudformation.put("demo", "UPDATE_COMPLETE", parameters=template_keys(TEMPLATES))
    proposal = Proposal(arn="arn", stack_id=stack.id, first=first, changes=changes)
    review(fake.as_session, proposal, None if first else stack, templates=TEMPLATES, allowed=allowed)


def _point(action: str, replacement: str) -> PlannedChange:
    return PlannedChange(
        "Storage/Point", Change(action=action, logical_id="Point", type=POINT, replacement=replacement)
    )


def test_what_is_sure_to_be_lost_is_refused() -> None:
    """Unless somebody named it."""
    with pytest.raises(StateRefusal, match="Storage/Point"):
        _review(_point("Modify", "True"))
    _review(_point("Modify", "True"), allowed=frozenset({"Storage/Point"}))


def test_what_is_left_open_is_refused_with_its_condition() -> None:
    """It hangs on a resource that becomes another; where that stays, so does this."""
    with pytest.raises(StateRefusal, match="if Storage/FileSystem is"):
        _review(ADDED, _point("Modify", "Conditional"))
    _review(_point("Modify", "Conditional"))


def test_a_first_change_set_loses_nothing() -> None:
    """There is nothing yet."""
    _review(ADDED, _point("Modify", "Conditional"), first=True)
