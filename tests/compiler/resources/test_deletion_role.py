"""Promises of the role that deletes what has expired: enough for every type there is, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from compiler.model.template_set import BOOTSTRAP, ROOT
from compiler.resources.deletion_role import ELSEWHERE, LOOKS, TAGGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.compiler.conftest import Case

LOOKING = ("Describe", "Get", "List")
LONGEST_POLICY = 10_240
REGION = "us-east-1"

NOT_CALLED: Mapping[str, str] = {
    "acm:RemoveTagsFromCertificate": "a deletion takes no tag off first",
    "ec2:DisassociateAddress": "an address is that of a NAT gateway, which goes first",
    "ec2:CreateTags": "a deletion sets no tag",
    "ec2:DeleteTags": "a deletion takes no tag off first",
    "ec2:DetachVpnGateway": "no attachment is of a VPN gateway",
    "elasticfilesystem:DeleteReplicationConfiguration": "no file system is replicated",
    "iam:TagRole": "a deletion sets no tag",
    "iam:UntagRole": "a deletion takes no tag off first",
    "kms:DescribeKey": "no cluster names a key",
    "kms:RetireGrant": "no repository is encrypted with a customer's key",
    "logs:DeleteDataProtectionPolicy": "no log group has one",
    "rds:AddTagsToResource": "what expires is not protected, and only that leaves a snapshot",
    "rds:CreateDBSnapshot": "what expires is not protected, and only that leaves a snapshot",
    "secretsmanager:RemoveRegionsFromReplication": "no secret is replicated",
    "vpc-lattice:DescribeServiceNetworkVpcEndpointAssociation": "no endpoint is of a service network",
    "vpce:AllowMultiRegion": "no endpoint is of another region",
}
"""Permissions that a registry schema names for the deletion of a type, but that no deletion of ours uses, and why."""

NEVER_EXPIRE: Mapping[str, str] = {
    "AWS::Backup::BackupPlan": "backup is refused with a ttl",
    "AWS::Backup::BackupSelection": "backup is refused with a ttl",
    "AWS::Backup::BackupVault": "backup is refused with a ttl: copies would stay behind",
    "AWS::WAFv2::WebACL": "web.waf is refused with a ttl",
    "AWS::WAFv2::WebACLAssociation": "likewise: IAM tells load balancers apart by no tag when a web ACL is taken away",
}
"""Types that no environment with a ttl has, and why."""

CALLED_BY_SERVICES: Mapping[str, frozenset[str]] = {
    "AWS::EFS::MountTarget": frozenset({"ec2:DeleteNetworkInterface"}),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": frozenset({"route53:DeleteHostedZone"}),
}
"""What a service does with the rights of whoever asks, which no schema names. Sources: DeleteMountTarget, Amazon EFS
API reference; "AWS Cloud Map API permissions", AWS Cloud Map Developer Guide."""


@pytest.fixture
def role(smallest: Case) -> dict[str, Any]:
    """Return the properties of the role."""
    properties: dict[str, Any] = smallest.parsed[BOOTSTRAP]["Resources"]["DeletionRole"]["Properties"]
    return properties


@pytest.fixture
def statements(role: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the permissions of the role, by the names of the statements."""
    (policy,) = role["Policies"]
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


def test_every_resource_type_can_be_deleted(case: Case) -> None:
    """A new resource type needs a line here, or its environments could not delete themselves."""
    types = {resource["Type"] for _, resource in case.everything()}
    assert types - NEVER_EXPIRE.keys() <= TAGGED.keys() | ELSEWHERE.keys()
    assert case.env.ttl is None or not types & NEVER_EXPIRE.keys()


@pytest.mark.parametrize("kind", sorted(TAGGED.keys() | ELSEWHERE.keys()))
def test_the_role_may_do_what_the_deletion_of_each_type_does(kind: str, statements: dict[str, dict[str, Any]]) -> None:
    """The registry schema of a type names its permissions; what the role lacks of them has its reason here."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    needed = {*schema["handlers"]["delete"]["permissions"], *CALLED_BY_SERVICES.get(kind, ())}
    assert needed - _allowed(statements) - NOT_CALLED.keys() == set()


def test_no_exception_is_out_of_date(statements: dict[str, dict[str, Any]]) -> None:
    """A permission that the role has, or that no schema names any more, is no exception."""
    schemas = [PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema for kind in TAGGED.keys() | ELSEWHERE]
    named = {action for schema in schemas for action in schema["handlers"]["delete"]["permissions"]}
    assert NOT_CALLED.keys() <= named - _allowed(statements)


def test_the_interface_of_a_mount_target_has_a_statement_of_its_own(statements: dict[str, dict[str, Any]]) -> None:
    """It bears no tag, so that a condition on one would refuse it; it is one of this account and region."""
    statement = statements["DeleteInterfacesOfMountTargets"]
    assert statement["Action"] == ["ec2:DeleteNetworkInterface"]
    assert "Condition" not in statement
    assert statement["Resource"] == [
        {"Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:network-interface/*"}
    ]


def test_only_cloudformation_assumes_the_role(role: dict[str, Any]) -> None:
    """No user and no container can."""
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}


def test_no_action_has_a_wildcard(statements: dict[str, dict[str, Any]]) -> None:
    """Every action is written out."""
    assert not [action for statement in statements.values() for action in statement["Action"] if "*" in action]


def test_resources_with_tags_need_the_environments_tag(statements: dict[str, dict[str, Any]]) -> None:
    """The resource is a wildcard, so the tag keeps other resources safe."""
    deletion = statements["DeleteWhatBearsTheTag"]
    assert deletion["Condition"] == {"Null": {"aws:ResourceTag/windsock:environment": "false"}}
    assert set(deletion["Action"]) == {action for actions in TAGGED.values() for action in actions}


def test_the_statement_without_a_condition_only_reads(statements: dict[str, dict[str, Any]]) -> None:
    """It holds no action that changes anything."""
    assert set(statements["LookAround"]["Action"]) == {action for actions in LOOKS.values() for action in actions}
    assert all(action.partition(":")[2].startswith(LOOKING) for action in statements["LookAround"]["Action"])


def test_types_without_tags_have_a_statement(statements: dict[str, dict[str, Any]]) -> None:
    """Named by name where there is one, and ECS's task definitions, which AWS lets nobody name, alone."""
    assert set(ELSEWHERE.values()) <= statements.keys()
    anything = {name for name, statement in statements.items() if statement["Resource"] == ["*"]}
    assert anything == {"DeleteWhatBearsTheTag", "LookAround", "DeregisterTaskDefinitions"}


def test_the_policy_fits_the_limit_of_iam(role: dict[str, Any]) -> None:
    """IAM counts the characters of a role's own policies, without blanks."""
    assert len(json.dumps(role["Policies"], separators=(",", ":"))) < LONGEST_POLICY


def test_the_root_has_only_nested_stacks(smallest: Case) -> None:
    """So the root itself needs no permission."""
    assert {resource["Type"] for resource in smallest.parsed[ROOT]["Resources"].values()} == {
        "AWS::CloudFormation::Stack"
    }


def _allowed(statements: dict[str, dict[str, Any]]) -> set[str]:
    return {action for statement in statements.values() for action in statement["Action"]}
