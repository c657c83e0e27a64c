"""The resources that an environment owns are read from its stacks, also from half-made ones."""

from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.record.owned_resources import OwnedResources, find_owned_resources, read_note, write_note
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.session import FakeSession

TEMPLATE = """
Resources:
  Kept: {Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate}
  Gone: {Type: AWS::S3::Bucket, DeletionPolicy: Delete}
  Command: {Type: AWS::ECS::TaskDefinition}
"""


def test_only_what_goes_with_the_stack_may_be_emptied() -> None:
    """Deletion policies decide, in every nested stack."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "CREATE_COMPLETE", template="Resources: {}")
    fake.templates["inner"] = TEMPLATE
    fake.members = {
        "demo": (
            Resource(logical_id="Inner", physical_id=arn("inner"), type=STACK_TYPE, status=""),
            Resource(logical_id="Unmade", physical_id="", type=STACK_TYPE, status=""),
        ),
        "inner": (
            Resource(logical_id="Kept", physical_id="kept-bucket", type="AWS::S3::Bucket", status="CREATE_COMPLETE"),
            Resource(logical_id="Gone", physical_id="gone-bucket", type="AWS::S3::Bucket", status="CREATE_COMPLETE"),
            Resource(
                logical_id="Command",
                physical_id="arn:aws:ecs:r:1:task-definition/demo-command:7",
                type="AWS::ECS::TaskDefinition",
                status="",
            ),
        ),
    }
    owned = find_owned_resources(session.as_session, arn("demo"))
    assert owned.buckets == ("gone-bucket",)
    assert owned.families == ("demo-command",)


def test_the_database_service_is_known_by_its_logical_id() -> None:
    """CloudFormation generates its physical name."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "CREATE_COMPLETE", template="Resources: {}")
    service = "AWS::ECS::Service"
    fake.members["demo"] = (
        Resource(logical_id="DatabaseService", physical_id="db", type=service, status=""),
        Resource(logical_id="WebserverService", physical_id="web", type=service, status=""),
    )
    owned = find_owned_resources(session.as_session, arn("demo"))
    assert (owned.services, owned.database_services) == (("web",), ("db",))


def test_noted_resources_are_joined_with_those_still_there() -> None:
    """The note is read as it was written."""
    session = FakeSession()
    write_note(session.as_session, "templates", "demo", OwnedResources(families=("a",), databases=("db",)))
    noted = read_note(session.as_session, "templates", "demo")
    assert noted is not None
    assert noted.merged(OwnedResources(families=("a", "b"))) == OwnedResources(families=("a", "b"), databases=("db",))
    assert read_note(session.as_session, "templates", "other") is None
