"""The promises of rehearsal/emulator/patches/security_groups.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

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


def test_a_rule_that_is_added_again_has_another_id(yard: Yard) -> None:
    """A rule has its id until it is revoked; the same rule is not added twice."""
    stack = yard.create("again", {"Group": GROUP}, outputs={"Group": {"Ref": "Group"}})
    ec2, group = yard.client("ec2"), yard.output(stack, "Group")
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    asked: dict[str, Any] = {"GroupId": group, "IpPermissions": [rule]}

    def ids() -> set[str]:
        found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
        return {one["SecurityGroupRuleId"] for one in found["SecurityGroupRules"] if not one["IsEgress"]}

    ec2.authorize_security_group_ingress(**asked)
    first = ids()
    assert ids() == first
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        ec2.authorize_security_group_ingress(**asked)
    ec2.revoke_security_group_ingress(**asked)
    ec2.authorize_security_group_ingress(**asked)
    assert len(ids()) == 1
    assert not ids() & first
    yard.delete(stack)


def test_a_rule_that_is_described_anew_keeps_its_id(yard: Yard) -> None:
    """CloudFormation changes the description in place, so that it still knows its rule."""
    stack = yard.create("kept", {"Group": GROUP, "Open": _rule(80)})
    assert yard.update(stack, {"Group": GROUP, "Open": _rule(80, "second")}) == "UPDATE_COMPLETE"
    found = yard.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="Open")
    rules = yard.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    known = found["StackResourceDetail"]["PhysicalResourceId"]
    assert [one["Description"] for one in rules if one["SecurityGroupRuleId"] == known] == ["second"]
    yard.delete(stack)
