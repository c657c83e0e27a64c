"""Promises of the toolkit: one bucket, the same for all, small enough to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.template_set import TOOLKIT

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_all_environments_share_one_toolkit(case: Case, smallest: Case) -> None:
    """Environments of one account and region do not fight over the toolkit: it is the same template for each."""
    assert case.templates.files[TOOLKIT] == smallest.templates.files[TOOLKIT]


def test_it_tells_where_templates_go(smallest: Case) -> None:
    """The one output is the bucket to which templates are uploaded."""
    assert {name: output["Value"] for name, output in smallest.parsed[TOOLKIT]["Outputs"].items()} == {
        "TemplatesBucket": {"Ref": "TemplatesBucket"}
    }


def test_it_goes_when_it_is_deleted(smallest: Case) -> None:
    """Templates can be compiled again: nothing of the toolkit stays behind."""
    bucket = smallest.parsed[TOOLKIT]["Resources"]["TemplatesBucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Delete", "Delete")
