"""A change that would lose state is refused unless its very path is allowed."""

import pytest

from deployer.aws.stacks import STACK_TYPE, Change, Resource
from deployer.stacks.change_sets import PlannedChange, Proposal
from deployer.stacks.replacement_guard import StateRefusal, check, planned_losses
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.environment import STORAGE, template_set
from tests.deployer.fakes.session import FakeSession

BUCKET = "AWS::S3::Bucket"


def _planned(action: str = "Modify", type_: str = BUCKET, **more: str) -> list[str]:
    change = PlannedChange("Storage/CodeBucket", Change(action=action, logical_id="CodeBucket", type=type_, **more))
    return [loss.path for loss in planned_losses([change])]


@pytest.mark.parametrize(
    "more", [{"replacement": "True"}, {"policy_action": "ReplaceAndDelete"}, {"policy_action": "ReplaceAndRetain"}]
)
def test_a_sure_replacement_is_a_loss(more: dict[str, str]) -> None:
    """Even a retained old bucket leaves an empty new one in its place."""
    assert _planned(**more) == ["Storage/CodeBucket"]


def test_a_removal_is_a_loss() -> None:
    """Whatever its policy."""
    assert _planned("Remove", policy_action="Retain") == ["Storage/CodeBucket"]


def test_a_conditional_replacement_alone_is_none() -> None:
    """CloudFormation says so of everything that hangs on another stack's output."""
    assert _planned(replacement="Conditional") == []


def test_stateless_resources_may_be_replaced() -> None:
    """A task definition is replaced at every change."""
    assert _planned(type_="AWS::ECS::TaskDefinition", replacement="True") == []


def _session() -> FakeSession:
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "UPDATE_COMPLETE", template="Resources: {}")
    fake.members["demo"] = (
        Resource(logical_id="Storage", physical_id=arn("storage"), type=STACK_TYPE, status="UPDATE_COMPLETE"),
    )
    fake.templates["storage"] = STORAGE
    return session


def _check(session: FakeSession, storage: str, *, allowed: frozenset[str] = frozenset()) -> None:
    check(
        session.as_session,
        proposal=Proposal(arn="arn", stack_id=arn("demo"), first=False, changes=()),
        stack=session.cloudformation.stacks["demo"],
        templates=template_set(storage),
        allowed=allowed,
        conditional=(),
    )


def test_what_the_templates_show_is_refused() -> None:
    """The change set may be silent; the local comparison is not. The way out is named."""
    with pytest.raises(StateRefusal) as refusal:
        _check(_session(), STORAGE.replace("CodeBucket", "Other"))
    assert "Storage/CodeBucket (AWS::S3::Bucket) would be removed" in refusal.value.why
    assert "--allow-replace Storage/CodeBucket" in refusal.value.next_step


def test_an_allowed_loss_passes() -> None:
    """Only by its full path."""
    _check(_session(), STORAGE.replace("CodeBucket", "Other"), allowed=frozenset({"Storage/CodeBucket"}))
    with pytest.raises(StateRefusal):
        _check(_session(), STORAGE.replace("CodeBucket", "Other"), allowed=frozenset({"CodeBucket"}))


ACCESS_POINT = """
Resources:
  DatabaseAccessPoint:
    Type: AWS::EFS::AccessPoint
    DeletionPolicy: Delete
    Properties:
      FileSystemId: {Ref: FileSystem}
      RootDirectory: {Path: /database-postgres-16}
"""
INSTANCE = "Resources: {Instance: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}}"


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (INSTANCE, ACCESS_POINT, "Storage/Instance (AWS::RDS::DBInstance) would be removed"),
        (ACCESS_POINT, INSTANCE, "Storage/DatabaseAccessPoint (AWS::EFS::AccessPoint) would be removed"),
        (
            ACCESS_POINT,
            ACCESS_POINT.replace("16", "17"),
            "Storage/DatabaseAccessPoint (AWS::EFS::AccessPoint) would be replaced",
        ),
        (ACCESS_POINT, "Resources: {}", "Storage/DatabaseAccessPoint (AWS::EFS::AccessPoint) would be removed"),
    ],
)
def test_another_kind_engine_version_or_storage_of_the_database_is_refused(old: str, new: str, lost: str) -> None:
    """Each leaves what the old one knew behind."""
    session = _session()
    session.cloudformation.templates["storage"] = old
    with pytest.raises(StateRefusal) as refusal:
        _check(session, new)
    assert lost in refusal.value.why


def test_a_file_system_that_goes_is_asked_for_once() -> None:
    """Its access points hold nothing of their own."""
    session = _session()
    session.cloudformation.templates["storage"] = f"{ACCESS_POINT}  FileSystem: {{Type: AWS::EFS::FileSystem}}\n"
    with pytest.raises(StateRefusal) as refusal:
        _check(session, "Resources: {}")
    assert [loss.path for loss in refusal.value.losses] == ["Storage/FileSystem"]
    _check(session, "Resources: {}", allowed=frozenset({"Storage/FileSystem"}))


def test_no_change_passes() -> None:
    """The same templates lose nothing."""
    _check(_session(), STORAGE)


def test_a_nested_stack_that_vanishes_takes_its_state_along() -> None:
    """Everything stateful in it is named."""
    session = _session()
    fake = session.cloudformation
    fake.members["demo"] = (
        Resource(logical_id="Archive", physical_id=arn("storage"), type=STACK_TYPE, status="UPDATE_COMPLETE"),
    )
    with pytest.raises(StateRefusal, match="Archive/CodeBucket"):
        _check(session, STORAGE)
