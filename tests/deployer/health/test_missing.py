"""What somebody deleted by hand is found, by its logical path, although CloudFormation believes that it is there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deployer.aws.ec2 import SecurityRule
from deployer.aws.errors import AwsRefusal
from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.health.missing import (
    all_resources,
    missing_among,
    missing_parts,
    missing_resources,
    put_back_among,
    restorable_among,
)
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.environment import World, outputs_of
from tests.deployer.fakes.session import FakeSession

RULE = SecurityRule(group="sg-1", egress=False, protocol="tcp", first_port=80, last_port=80, peer="10.0.0.0/8")
TEMPLATE = """
Parameters: {Office: {Type: String}}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup}
  Gone:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: !Ref Office}
"""
SERVICE = "arn:aws:ecs:us-west-2:1:service/cluster/Scheduler"
OF_TYPES = {
    "Bucket": ("AWS::S3::Bucket", "code"),
    "Group": ("AWS::Logs::LogGroup", "group"),
    "Queue": ("AWS::SQS::Queue", "nobody looks at this type"),
    "Role": ("AWS::IAM::Role", "role"),
    "Secret": ("AWS::SecretsManager::Secret", "arn:secret"),
    "Service": ("AWS::ECS::Service", SERVICE),
}


def _whole() -> FakeSession:
    """Return a stack with a nested one, all of whose resources are there."""
    session = World().session
    session.s3.buckets = {"code": {}}
    session.logs.names = ["group", "group-of-others"]
    session.iam.roles = {"role"}
    session.secrets.values = {"arn:secret": "x"}
    session.cloudformation.outputs("demo", {"SchedulerCount": "1"})
    nested = Resource(logical_id="Nested", physical_id=arn("nested"), type=STACK_TYPE, status="CREATE_COMPLETE")
    session.cloudformation.members = {
        "demo": (nested,),
        "nested": tuple(
            Resource(logical_id=name, physical_id=physical_id, type=type_, status="CREATE_COMPLETE")
            for name, (type_, physical_id) in OF_TYPES.items()
        ),
    }
    return session


def test_nothing_is_missing_where_all_is_there() -> None:
    """And nothing is said of types that nobody looks for, or of what CloudFormation itself has deleted."""
    session = _whole()
    assert missing_resources(session.as_session, arn("demo")) == ()
    session.s3.buckets.clear()
    fake = session.cloudformation
    fake.members["nested"] = tuple(replace(one, status="DELETE_COMPLETE") for one in fake.members["nested"])
    assert missing_resources(session.as_session, arn("demo")) == ()


@pytest.mark.parametrize("name", [name for name in OF_TYPES if name != "Queue"])
def test_what_is_gone_is_named_by_its_path(name: str) -> None:
    """Bucket, log group, role, secret and service alike."""
    session = _whole()
    {
        "Bucket": session.s3.buckets.clear,
        "Group": lambda: session.logs.names.remove("group"),
        "Role": session.iam.roles.clear,
        "Secret": session.secrets.values.clear,
        "Service": session.ecs.running.clear,
    }[name]()
    assert missing_resources(session.as_session, arn("demo")) == (f"Nested/{name}",)


def test_a_secret_that_ends_and_a_service_that_is_inactive_are_gone() -> None:
    """AWS remembers both for a while."""
    session = _whole()
    session.secrets.ends = {"arn:secret": datetime(2026, 12, 1, tzinfo=UTC)}
    session.ecs.running["Scheduler"] = replace(session.ecs.running["Scheduler"], status="INACTIVE")
    assert missing_resources(session.as_session, arn("demo")) == ("Nested/Secret", "Nested/Service")


def test_a_secret_that_waits_for_its_deletion_can_be_restored() -> None:
    """One that is deleted for good cannot, and what is no secret neither."""
    session = _whole()
    session.s3.buckets.clear()
    session.secrets.ends = {"arn:secret": datetime(2026, 12, 1, tzinfo=UTC)}
    resources = all_resources(session.as_session, arn("demo"))
    missing = missing_among(session.as_session, resources)
    assert missing == ("Nested/Bucket", "Nested/Secret")
    assert restorable_among(session.as_session, resources, missing) == {"Nested/Secret": "arn:secret"}
    session.secrets.ends.clear()
    session.secrets.values.clear()
    missing = missing_among(session.as_session, resources)
    assert restorable_among(session.as_session, resources, missing) == {}


def test_what_nobody_may_look_at_is_not_called_missing() -> None:
    """A status with few permissions says less, and nothing wrong."""
    session = _whole()

    class _Denied:
        def has_role(self, _name: str) -> bool:
            raise AwsRefusal("no", code="AccessDenied")

    session.iam = _Denied()  # type: ignore[assignment]  # all that is asked of it
    assert missing_resources(session.as_session, arn("demo")) == ()


def test_a_deploy_sees_bucket_and_services_without_asking_more() -> None:
    """Each is named; what is there is not."""
    world = World()
    outputs = replace(outputs_of(world), services={"scheduler": "Scheduler", "webserver": "Webserver"})
    world.session.cloudformation.outputs("demo", {"SchedulerCount": "1", "WebserverCount": "1"})
    services = tuple(world.session.ecs.running.values())
    assert missing_parts(outputs, services, bucket=True) == ()
    assert missing_parts(outputs, services[:1], bucket=False) == ("the code bucket code", "the webserver service")


def test_a_rule_that_somebody_revoked_is_missing() -> None:
    """All rules are looked for at once. One that says the same under another id was put back.

    An id of an older kind says nothing, and neither does a look that is denied.
    """
    session = _whole()
    fake = session.cloudformation
    rules = {"Group": "sg-1", "There": "sgr-1", "Gone": "sgr-2", "Old": "Old"}
    types = {"Group": "AWS::EC2::SecurityGroup"}
    fake.members["nested"] = tuple(
        Resource(
            logical_id=name,
            physical_id=physical_id,
            type=types.get(name, "AWS::EC2::SecurityGroupIngress"),
            status="CREATE_COMPLETE",
        )
        for name, physical_id in rules.items()
    )
    session.ec2.there = {"sgr-1": RULE}
    assert missing_resources(session.as_session, arn("demo")) == ("Nested/Gone",)
    fake.put("nested", "CREATE_COMPLETE", template=TEMPLATE, parameters={"Office": RULE.peer})
    fake.members["nested"] = tuple(replace(one, stack_id=arn("nested")) for one in fake.members["nested"])
    session.ec2.there = {"sgr-1": replace(RULE, first_port=8080), "sgr-3": RULE}
    assert missing_resources(session.as_session, arn("demo")) == ()
    resources = all_resources(session.as_session, arn("demo"))
    assert put_back_among(session.as_session, resources) == {"Nested/Gone": "sgr-3"}
    session.ec2.there = {"sgr-1": RULE, "sgr-3": replace(RULE, egress=True)}
    assert missing_resources(session.as_session, arn("demo")) == ()
    session.ec2.there = {"sgr-1": replace(RULE, first_port=8080), "sgr-3": replace(RULE, egress=True)}
    assert missing_resources(session.as_session, arn("demo")) == ("Nested/Gone",)

    class _Denied:
        def rules(self, _groups: object) -> frozenset[str]:
            raise AwsRefusal("no", code="UnauthorizedOperation")

    session.ec2 = _Denied()  # type: ignore[assignment]  # all that is asked of it
    assert missing_resources(session.as_session, arn("demo")) == ()
