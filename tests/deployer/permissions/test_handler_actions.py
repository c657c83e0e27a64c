"""What a handler names is needed, or there is a reason why no environment needs it."""

import json
from fnmatch import fnmatchcase
from itertools import product

import pytest

from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.permissions.handler_actions import KEY, NEVER_NEEDED, needed_by, needed_by_properties, reason_against
from deployer.permissions.reference import handlers
from rehearsal.emulator.iam.handler_rights import Work, of_work
from tests.compiler.conftest import CASES, compiled
from tests.rehearsal.emulator.iam.test_handler_rights import Nothing
from tests.spec.minimal import minimal

KEY_ARN = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
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
    types = handlers().keys() - {KEY}
    assert not any(action.startswith("kms:") for action in needed_by(types, ["create", "update", "delete"]))
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


def test_a_key_of_a_customer_needs_its_actions_where_it_is_named_alone() -> None:
    """What the embedded AWS demands of each store, and of the key itself."""
    env = minimal(more="encryption: {key: create}\n")
    templates = compile_environment(env)
    parsed = [read_template(text) for name, text in templates.files.items() if name != "toolkit.yaml"]
    resources = [resource for template in parsed for resource in template["Resources"].values()]
    needed = needed_by({resource["Type"] for resource in resources}, KINDS) | needed_by_properties(templates)
    text = json.dumps(resources).replace('{"Ref": "EncryptionKey"}', json.dumps(KEY_ARN))
    for resource, handler in product(json.loads(text), KINDS):
        properties = resource.get("Properties", {})
        kind = resource["Type"]
        work = Work(kind=kind, handler=handler, properties=properties, physical_id="x", region="r", account="a")
        assert {one.action for one in of_work(work, Nothing())} - {"iam:PassRole"} <= needed, kind
    assert {"kms:CreateGrant", "kms:GenerateDataKey", "kms:ScheduleKeyDeletion"} <= needed
