"""Promises of the bootstrap stack: one bucket and one role, the same for all, small enough for a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.bootstrap import bootstrap_template
from compiler.contract import EXPIRING_PREFIX, template_prefix
from compiler.model.template_set import BOOTSTRAP
from compiler.model.yaml_writer import write
from deployer.record.lease import OBJECT

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_all_environments_have_the_same_bootstrap_template(case: Case, smallest: Case) -> None:
    """Deploys of one account and region do not change it back and forth, where the rules for roles are the same."""
    rules = {name: getattr(case.env.aws, name) for name in ("permissions_boundary", "role_path", "role_name_prefix")}
    aws = smallest.env.aws.model_copy(update={"region": case.env.aws.region, **rules})
    assert case.templates.files[BOOTSTRAP] == write(bootstrap_template(aws))


def test_its_outputs_are_the_bucket_and_the_deletion_role(smallest: Case) -> None:
    """The deployer uploads templates to one, and schedules pass the other."""
    assert {name: output["Value"] for name, output in smallest.parsed[BOOTSTRAP]["Outputs"].items()} == {
        "TemplatesBucket": {"Ref": "TemplatesBucket"},
        "DeletionRole": {"Fn::GetAtt": "DeletionRole.Arn"},
    }


def test_nothing_of_the_bootstrap_stack_is_retained(smallest: Case) -> None:
    """Templates can be compiled again."""
    bucket = smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_the_role_is_deleted_after_the_bucket(smallest: Case) -> None:
    """A bootstrap stack whose deletion failed is still whole."""
    assert smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucket"]["DependsOn"] == "DeletionRole"


def test_templates_of_expiring_environments_expire(smallest: Case) -> None:
    """No teardown deletes them; other templates stay."""
    bucket = smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucket"]["Properties"]
    keeping, passing = bucket["LifecycleConfiguration"]["Rules"]
    assert "ExpirationInDays" not in keeping
    assert (passing["Prefix"], passing["ExpirationInDays"]) == (EXPIRING_PREFIX, 1)
    assert template_prefix("demo", expiring=True) == "passing/demo/"
    assert template_prefix("demo", expiring=False) == "demo/"


def test_a_bucket_in_use_keeps_the_role(smallest: Case) -> None:
    """A deletion that fails at the bucket has not reached the role, which expiring environments need."""
    assert bootstrap_template(smallest.env.aws).to_dict()["Resources"]["TemplatesBucket"]["DependsOn"] == "DeletionRole"


def test_no_template_is_overwritten(smallest: Case) -> None:
    """Not even by whoever may upload some; the leases beside them are written again."""
    document = smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucketPolicy"]["Properties"]["PolicyDocument"]
    (refusal,) = (one for one in document["Statement"] if one["Sid"] == "NoTemplateIsOverwritten")
    assert (refusal["Effect"], refusal["Action"]) == ("Deny", ["s3:PutObject"])
    assert refusal["Condition"] == {"Null": {"s3:if-none-match": "true"}}
    assert refusal["Resource"] == [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${TemplatesBucket}/*.yaml"}]
    assert not OBJECT.endswith(".yaml")
