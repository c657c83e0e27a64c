"""What a handler names is needed, or there is a reason why no environment needs it."""

from fnmatch import fnmatchcase

import pytest

from compiler.model.template_set import TemplateSet
from deployer.permissions.handler_actions import NEVER_NEEDED, needed_by, needed_by_properties, reason_against
from deployer.permissions.reference import handlers
from rehearsal.emulator.iam.handler_rights import Work, of_work
from tests.compiler.conftest import CASES, compiled
from tests.rehearsal.emulator.iam.test_handler_rights import Nothing

KINDS = ("create", "update", "delete")
NAMED = frozenset(action for each in handlers().values() for actions in each.values() for action in actions)


@pytest.mark.parametrize("pattern", NEVER_NEEDED)
def test_a_reason_is_about_something_that_a_handler_names(pattern: str) -> None:
    """A pattern that nothing matches any more goes."""
    assert any(fnmatchcase(action, pattern) for action in NAMED)


def test_handlers_need_what_makes_changes_and_removes_a_resource() -> None:
    """Each kind of handler adds its own actions."""
    assert needed_by(["AWS::EC2::InternetGateway"], ["delete"]) == {
        "ec2:DeleteInternetGateway",
        "ec2:DescribeInternetGateways",
    }
    assert "ec2:CreateInternetGateway" in needed_by(["AWS::EC2::InternetGateway"], ["create", "delete"])


def test_what_a_service_demands_besides_is_needed_too() -> None:
    """EFS makes and deletes the interface of a mount target with the rights of whoever asks."""
    assert "ec2:CreateNetworkInterface" in needed_by(["AWS::EFS::MountTarget"], ["create"])
    assert "ec2:DeleteNetworkInterface" in needed_by(["AWS::EFS::MountTarget"], ["delete"])


def test_properties_that_no_template_has_need_nothing() -> None:
    """Their permissions would only widen the policy."""
    assert not any(action.startswith("kms:") for action in needed_by(handlers(), ["create", "update", "delete"]))
    assert reason_against("kms:CreateGrant")
    assert reason_against("ec2:CreateVpc") is None


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("handler", KINDS)
def test_the_policy_has_what_the_embedded_aws_demands(case: str, handler: str) -> None:
    """For each resource of each golden environment: a rehearsal would end with AccessDenied."""
    resources = dict(compiled(case).everything())
    types = {resource["Type"] for resource in resources.values()}
    needed = needed_by(types, KINDS) | needed_by_properties(compiled(case).templates)
    for name, resource in resources.items():
        work = Work(
            kind=resource["Type"],
            handler=handler,
            properties=resource.get("Properties", {}),
            physical_id=name,
            region="us-west-2",
            account="123456789012",
        )
        assert {one.action for one in of_work(work, Nothing())} - {"iam:PassRole"} <= needed, name


def test_a_property_that_few_templates_have_needs_its_action_there_alone() -> None:
    """A bucket that logs its accesses needs one action more; no other environment gets it."""
    logging = "Resources: {B: {Type: 'AWS::S3::Bucket', Properties: {LoggingConfiguration: {}}}}\n"
    assert needed_by_properties(TemplateSet("demo", {"storage.yaml": logging}, ())) == {"s3:PutBucketLogging"}
    assert needed_by_properties(compiled(CASES[0]).templates) == frozenset()
