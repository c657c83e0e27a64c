"""The promises of rehearsal/emulator/rules/lengths.py."""

from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.rules.lengths import LENGTHS, refusals

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def _role(**properties: Any) -> dict[str, Any]:
    return {"AssumeRolePolicyDocument": {"Statement": []}, **properties}


@pytest.mark.parametrize(
    ("kind", "properties", "message"),
    [
        ("AWS::ECS::TaskDefinition", {"Family": "f" * 65536}, "Max allowed length is '65536' bytes"),
        ("AWS::ECS::TaskDefinition", {"Family": '"' * 40000}, "Max allowed length is '65536' bytes"),
        (
            "AWS::IAM::Role",
            _role(Policies=[{"PolicyDocument": {"Statement": [STATEMENT] * 90}}] * 2),
            "Maximum policy size of 10240 bytes exceeded for role Mine",
        ),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Sid": "s" * 2048}}, "quota for ACLSizePerRole: 2048"),
        ("AWS::IAM::Role", _role(ManagedPolicyArns=["arn"] * 11), "quota for PoliciesPerRole: 10"),
        ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Sid": "s" * 6144}}, "quota for PolicySize: 6144"),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", {"Name": "n" * 33}, "cannot be longer than '32' characters"),
        ("AWS::SSM::Parameter", {"Value": "v" * 4097}, "maximum parameter value of 4096 characters"),
        ("AWS::SSM::Parameter", {"Value": "v" * 8193, "Tier": "Advanced"}, "maximum parameter value of 8192"),
    ],
)
def test_what_is_too_large_is_refused(kind: str, properties: dict[str, Any], message: str) -> None:
    """With the code and the words of the service."""
    ((_, said),) = refusals(kind, "Mine", properties)
    assert message in said


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ECS::TaskDefinition", {"Family": "f" * 65000}),
        ("AWS::IAM::Role", _role(Policies=[{"PolicyDocument": " " * 20000}])),
        ("AWS::SSM::Parameter", {"Value": "v" * 8192, "Tier": "Advanced"}),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", {}),
    ],
)
def test_what_fits_passes(kind: str, properties: dict[str, Any]) -> None:
    """IAM does not count white space, and a name that is missing is CloudFormation's."""
    assert list(refusals(kind, "Mine", properties)) == []


def test_the_page_lists_the_lengths_in_force() -> None:
    """With the numbers and error codes that a rehearsal has."""
    page = (Path(__file__).parents[4] / "docs" / "limits.md").read_text(encoding="utf-8")
    for one in LENGTHS:
        assert f"| {one.what} | {one.most:,} {one.unit} | `{one.error}` |" in page
