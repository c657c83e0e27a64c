"""The promises of rehearsal/emulator/patches/create_only.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Resources, Yard

pytestmark = pytest.mark.rehearsal


def _group(**properties: Any) -> Resources:
    return {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "first", **properties}}}


def test_a_change_set_knows_what_replaces(yard: Yard) -> None:
    """Also for types of which a plain MiniStack says that it depends."""
    stack = yard.create("replacing", _group())
    replaced = yard.propose(stack, _group(GroupDescription="second"), kind="UPDATE")["Changes"]["Group"]
    assert replaced["Replacement"] == "True"
    tagged = _group(Tags=[{"Key": "a", "Value": "b"}])
    assert yard.propose(stack, tagged, kind="UPDATE")["Changes"]["Group"]["Replacement"] == "False"
    yard.delete(stack)


def test_a_custom_named_resource_is_not_replaced(yard: Yard) -> None:
    """The update rolls back with CloudFormation's words."""
    stack = yard.create("named-group", _group(GroupName="yard-named"))
    assert yard.update(stack, _group(GroupName="yard-named", GroupDescription="second")) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("custom-named resource requires replacing" in reason for _, _, reason in yard.events(stack))
    yard.delete(stack)
