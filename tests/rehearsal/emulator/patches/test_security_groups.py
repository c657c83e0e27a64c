"""The promises of rehearsal/emulator/patches/security_groups.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
GROUP = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "a port"}}


def _rule(port: int, description: str = "first") -> dict[str, Any]:
    properties = {"IpProtocol": "tcp", "FromPort": port, "ToPort": str(port), "CidrIp": "10.0.0.0/8"}
    own = {"GroupId": {"Ref": "Group"}, "Description": description, **properties}
    return {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": own}


def test_a_removed_rule_is_revoked(yard: Yard) -> None:
    """A standalone rule opens its group while it is in the template, and no longer."""
    outputs = {"Group": {"Ref": "Group"}}

    def rules() -> list[dict[str, Any]]:
        found = yard.client("ec2").describe_security_groups(GroupIds=[yard.output(stack, "Group")])
        return list(found["SecurityGroups"][0]["IpPermissions"])

    def ports() -> list[int]:
        return [permission["FromPort"] for permission in rules()]

    stack = yard.create("port", {"Group": GROUP, "Open": _rule(80)}, outputs=outputs)
    assert ports() == [80]
    assert yard.update(stack, {"Group": GROUP, "Open": _rule(81)}, outputs=outputs) == "UPDATE_COMPLETE"
    assert ports() == [81]
    described = {"Group": GROUP, "Open": _rule(81, "second")}
    assert yard.update(stack, described, outputs=outputs) == "UPDATE_COMPLETE"
    assert [(one["FromPort"], one["IpRanges"][0]["Description"]) for one in rules()] == [(81, "second")]
    assert yard.update(stack, {"Group": GROUP}, outputs=outputs) == "UPDATE_COMPLETE"
    assert ports() == []
    assert yard.delete(stack) == "DELETE_COMPLETE"
