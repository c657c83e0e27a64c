"""The promises of rehearsal/emulator/patches/exports.py, in an emulator."""

import json
from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def _exporting(value: str, name: str = "shared-Value") -> str:
    """Return a template with one export."""
    output = {"Value": value, "Export": {"Name": name}}
    return json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"Value": output}})


def _importing() -> dict[str, Any]:
    """Return a resource that imports it."""
    value = {"Fn::ImportValue": "shared-Value"}
    return {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}}


def _create(yard: Yard, name: str, body: str) -> str:
    created = yard.client("cloudformation").create_stack(StackName=name, TemplateBody=body)["StackId"]
    yard.settled(created)
    return str(created)


def _last_reason(yard: Yard, stack: str) -> str:
    return next(reason for _, _, reason in reversed(yard.events(stack)) if reason)


def test_what_is_imported_stays_as_it_is(yard: Yard) -> None:
    """Nobody changes, drops or deletes it, until the stack that imports it is gone."""
    client = yard.client("cloudformation")
    exporting = _create(yard, "exporting", _exporting("one"))
    importing = yard.create("importing", _importing())
    assert client.list_imports(ExportName="shared-Value")["Imports"] == ["importing"]
    for body, what in ((_exporting("two"), "updated"), (_exporting("one", "shared-Other"), "deleted")):
        client.update_stack(StackName=exporting, TemplateBody=body)
        assert yard.settled(exporting) == "UPDATE_ROLLBACK_COMPLETE"
        words = f"Export shared-Value cannot be {what} as it is in use by importing"
        assert words in [reason for _, _, reason in yard.events(exporting)]
    assert yard.delete(exporting) == "UPDATE_ROLLBACK_COMPLETE"
    assert _last_reason(yard, exporting) == "Export shared-Value cannot be deleted as it is in use by importing"
    assert yard.delete(importing) == "DELETE_COMPLETE"
    client.update_stack(StackName=exporting, TemplateBody=_exporting("one", "shared-Other"))
    assert yard.settled(exporting) == "UPDATE_COMPLETE"
    assert [one["Name"] for one in client.list_exports()["Exports"]] == ["shared-Other"]
    assert yard.delete(exporting) == "DELETE_COMPLETE"


def test_a_name_is_exported_once(yard: Yard) -> None:
    """A second stack with it is rolled back, and the first one keeps it."""
    first = _create(yard, "first", _exporting("one"))
    second = _create(yard, "second", _exporting("two"))
    assert yard.status(second) == "ROLLBACK_COMPLETE"
    words = "Export with name shared-Value is already exported by stack first"
    assert words in [reason for _, _, reason in yard.events(second)]
    exports = yard.client("cloudformation").list_exports()["Exports"]
    assert [(one["Name"], one["Value"]) for one in exports] == [("shared-Value", "one")]
    assert yard.delete(second) == yard.delete(first) == "DELETE_COMPLETE"


def test_what_nobody_exports_is_not_imported(yard: Yard) -> None:
    """The stack that wants it fails."""
    stack = yard.create("wanting", _importing())
    assert yard.status(stack) == "ROLLBACK_COMPLETE"
    assert yard.delete(stack) == "DELETE_COMPLETE"
