"""The promises of rehearsal/emulator/patches/security_groups.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
GROUP = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "a port"}}


def _rule(port: int) -> dict[str, Any]:
    properties = {"IpProtocol": "tcp", "FromPort": port, "ToPort": str(port), "CidrIp": "10.0.0.0/8"}
    return {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": {"Ref": "Group"}, **properties}}


def test_removed_rule_is_revoked(yard: Yard) -> None:
    """A standalone rule opens its group while it is in the template, and no longer."""
    outputs = {"Group": {"Ref": "Group"}}

    def ports() -> list[int]:
        found = yard.client("ec2").describe_security_groups(GroupIds=[yard.output(stack, "Group")])
        return [permission["FromPort"] for permission in found["SecurityGroups"][0]["IpPermissions"]]

    stack = yard.create("port", {"Group": GROUP, "Open": _rule(80)}, outputs=outputs)
    assert ports() == [80]
    assert yard.update(stack, {"Group": GROUP, "Open": _rule(81)}, outputs=outputs) == "UPDATE_COMPLETE"
    assert ports() == [81]
    assert yard.update(stack, {"Group": GROUP}, outputs=outputs) == "UPDATE_COMPLETE"
    assert ports() == []
    assert yard.delete(stack) == "DELETE_COMPLETE"
