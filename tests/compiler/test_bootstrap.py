"""Promises of the toolkit: one bucket and one role, the same for all, small enough to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.bootstrap import bootstrap_template
from compiler.contract import EXPIRING_PREFIX, template_prefix
from compiler.model.template_set import BOOTSTRAP

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_all_environments_share_one_toolkit(case: Case, smallest: Case) -> None:
    """Environments of one account and region do not fight over the toolkit: it is the same template for each."""
    assert case.templates.files[BOOTSTRAP] == smallest.templates.files[BOOTSTRAP]


def test_it_tells_where_templates_go(smallest: Case) -> None:
    """Its outputs are the bucket to which templates are uploaded, and the role with which the expired is deleted."""
    assert {name: output["Value"] for name, output in smallest.parsed[BOOTSTRAP]["Outputs"].items()} == {
        "TemplatesBucket": {"Ref": "TemplatesBucket"},
        "DeletionRole": {"Fn::GetAtt": "DeletionRole.Arn"},
    }


def test_it_goes_when_it_is_deleted(smallest: Case) -> None:
    """Templates can be compiled again: nothing of the toolkit stays behind."""
    bucket = smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_a_bucket_in_use_holds_up_the_deletion(smallest: Case) -> None:
    """The role is deleted after the bucket: a toolkit whose deletion failed is still whole."""
    assert smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucket"]["DependsOn"] == "DeletionRole"


def test_templates_of_what_passes_pass_too(smallest: Case) -> None:
    """Nobody clears them away once their environment has deleted itself; the others stay."""
    bucket = smallest.parsed[BOOTSTRAP]["Resources"]["TemplatesBucket"]["Properties"]
    keeping, passing = bucket["LifecycleConfiguration"]["Rules"]
    assert "ExpirationInDays" not in keeping
    assert (passing["Prefix"], passing["ExpirationInDays"]) == (EXPIRING_PREFIX, 1)
    assert template_prefix("demo", expiring=True) == "passing/demo/"
    assert template_prefix("demo", expiring=False) == "demo/"


def test_the_role_outlives_a_bucket_in_use() -> None:
    """A deletion that fails at the bucket has not yet come to the role, without which nothing would delete itself."""
    assert bootstrap_template().to_dict()["Resources"]["TemplatesBucket"]["DependsOn"] == "DeletionRole"
