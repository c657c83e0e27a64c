"""The promises of rehearsal/emulator/iam/handler_rights.py; tests of patches/stack_permissions.py have the others."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import cfnlint

from rehearsal.emulator import iam
from rehearsal.emulator.iam.handler_rights import FILE, Work, of_work
from rehearsal.emulator.iam.requirements import Requirement
from rehearsal.emulator.iam.resources import Names

HANDLERS = ("create", "read", "update", "delete")
TAGGING = (
    ("AWS::CertificateManager::Certificate", "acm:AddTagsToCertificate", "acm:RemoveTagsFromCertificate"),
    ("AWS::ECS::Service", "ecs:TagResource", "ecs:UntagResource"),
    ("AWS::RDS::DBInstance", "rds:AddTagsToResource", "rds:RemoveTagsFromResource"),
    ("AWS::S3::Bucket", "s3:TagResource", "s3:UntagResource"),
)
"""Types with the actions that add tags and take them away: services name them differently."""


def test_the_table_says_what_the_registry_says() -> None:
    """For each of its types; a change of the registry in cfn-lint is copied by this test's `schemas`."""
    table = json.loads(files(iam).joinpath(FILE).read_text(encoding="utf-8"))
    assert table == {kind: handlers for kind, handlers in schemas().items() if kind in table}


class Nothing:
    """The state of an emulator that has no resource."""

    def names(self) -> Mapping[str, Names]:
        """Mirror the real state."""
        return {}

    def tags(self, _arn: str) -> Mapping[str, str]:
        """Mirror the real state."""
        return {}

    def key_of(self, _arn: str) -> str:
        """Mirror the real state."""
        return ""

    def roles_of_definition(self, _definition: str) -> Mapping[str, str]:
        """Mirror the real state."""
        return {}


def required(
    kind: str, physical_id: str = "own", *, handler: str = "create", **properties: Any
) -> dict[str, Requirement]:
    """Return what a handler of a resource requires, by action; that of its creation unless another is named."""
    work = Work(
        kind=kind,
        handler=handler,
        properties=properties,
        physical_id=physical_id,
        region="us-west-2",
        account="123456789012",
    )
    return {one.action: one for one in of_work(work, Nothing())}


def updated(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the actions that an update requires."""
    work = Work(
        kind=kind,
        handler="update",
        properties=after,
        before=before,
        physical_id="own",
        region="us-west-2",
        account="123456789012",
    )
    return {one.action for one in of_work(work, Nothing())}


def test_a_creation_requires_what_its_properties_ask_for() -> None:
    """The registry names more: for other properties, and for other services."""
    assert "s3:DeleteObject" not in required("AWS::S3::Bucket", "code-*")
    tags = [{"Key": "team", "Value": "data"}]
    assert not [action for action in required("AWS::RDS::DBInstance", "db-*", Tags=tags) if "secrets" in action]


def test_a_deletion_changes_no_tags() -> None:
    """The registry names it, and the role that deletes an expired environment may not do it."""
    tags = [{"Key": "team", "Value": "data"}]
    deleted = required("AWS::IAM::Role", "own", handler="delete", Tags=tags, Policies=[{}])
    assert "iam:DeleteRole" in deleted
    assert not [action for action in deleted if "Tag" in action.removeprefix("iam:List")]


def test_an_update_requires_what_changes() -> None:
    """Tags that go are taken away by another action than those that come; a trust policy is written when it changes."""
    role: dict[str, Any] = {"Tags": {"team": "data"}, "AssumeRolePolicyDocument": {}}
    same, trust = updated("AWS::IAM::Role", role, role), {**role, "AssumeRolePolicyDocument": {"Statement": []}}
    assert "iam:UpdateAssumeRolePolicy" not in same
    assert "iam:UpdateAssumeRolePolicy" in updated("AWS::IAM::Role", role, trust)
    some, none, other = ({"Tags": tags} for tags in ({"team": "data"}, {}, {"team": "data", "stage": "test"}))
    for kind, come, go in TAGGING:
        assert {come, go} & updated(kind, some, some) == set()
        assert {come, go} & updated(kind, some, other) == {come}
        assert {come, go} & updated(kind, other, some) == {come, go}
        assert {come, go} & updated(kind, some, none) == {go}


def test_a_right_that_no_name_gives_away_is_required() -> None:
    """The property that asks for it has another name than the action."""
    assert "route53:ChangeResourceRecordSets" in required("AWS::Route53::RecordSet", AliasTarget={})
    assert "route53:ChangeResourceRecordSets" in required("AWS::Route53::RecordSet", handler="delete", AliasTarget={})
    assert "logs:PutRetentionPolicy" in required("AWS::Logs::LogGroup", RetentionInDays=30)
    assert "logs:PutRetentionPolicy" not in required("AWS::Logs::LogGroup")
    assert "ec2:ModifyVpcAttribute" in required("AWS::EC2::VPC", EnableDnsHostnames=True)
    assert "servicediscovery:GetOperation" in required("AWS::ServiceDiscovery::PrivateDnsNamespace", handler="delete")


def test_a_change_of_records_tells_policies_what_changes() -> None:
    """They may allow some names, types and actions only."""
    deleted = required("AWS::Route53::RecordSet", handler="delete", AliasTarget={}, Type="A", Name="Air.Example.com.")
    keys = deleted["route53:ChangeResourceRecordSets"].keys
    assert keys["route53:changeresourcerecordsetsnormalizedrecordnames"] == ["air.example.com"]
    assert keys["route53:changeresourcerecordsetsactions"] == ["DELETE"]
    assert keys["route53:changeresourcerecordsetsrecordtypes"] == ["A"]


def test_a_web_acl_is_named_by_its_arn_where_it_is_put_before_a_load_balancer() -> None:
    """And by its name and id, which CloudFormation joins, where it changes."""
    balancer = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/demo/1"
    acl = "arn:aws:wafv2:us-west-2:123456789012:regional/webacl/demo-web/uuid"
    placed = required("AWS::WAFv2::WebACLAssociation", f"{balancer}|{acl}", ResourceArn=balancer, WebACLArn=acl)
    assert placed["wafv2:GetWebACL"].resource == acl
    assert placed["wafv2:DisassociateWebACL"].resource == balancer
    assert required("AWS::WAFv2::WebACL", "demo-web|uuid|REGIONAL")["wafv2:GetWebACL"].resource == acl


def test_each_managed_policy_is_attached_and_detached_for_itself() -> None:
    """With its ARN as a key of conditions; only what changes is asked for."""
    first, second, third = (f"arn:aws:iam::aws:policy/P{number}" for number in range(3))
    role: dict[str, Any] = {"kind": "AWS::IAM::Role", "physical_id": "own", "region": "us-west-2", "account": "1" * 12}

    def moved(handler: str, before: list[str], after: list[str]) -> list[tuple[str, str]]:
        changed = {"before": {"ManagedPolicyArns": before}, "properties": {"ManagedPolicyArns": after}}
        required = of_work(Work(handler=handler, **{**role, **changed}), Nothing())
        return [(one.action, one.keys["iam:policyarn"]) for one in required if one.action.endswith("chRolePolicy")]

    attach, detach = "iam:AttachRolePolicy", "iam:DetachRolePolicy"
    assert moved("create", [], [second, first]) == [(attach, first), (attach, second)]
    assert sorted(moved("update", [first, second], [second, third])) == [(attach, third), (detach, first)]
    assert moved("delete", [], [first]) == [(detach, first)]
    assert moved("create", [], []) == []


def test_a_role_among_the_parameters_of_a_nested_stack_is_not_passed() -> None:
    """The nested stack passes it where it uses it."""
    role = "arn:aws:iam::123456789012:role/some"
    nested = required("AWS::CloudFormation::Stack", "demo-Inner-*", Parameters={"Role": role})
    assert "iam:PassRole" not in nested
    assert nested["cloudformation:CreateStack"].resource.endswith(":stack/demo-Inner-*/*")


def test_what_a_handler_calls_after_the_creation_is_about_a_tagged_resource() -> None:
    """CloudFormation gives the tags in the call that creates it."""
    made = required("AWS::EC2::SecurityGroup", "*", Tags=[{"Key": "team", "Value": "data"}], SecurityGroupEgress=[{}])
    assert "aws:resourcetag/team" not in made["ec2:CreateSecurityGroup"].keys
    assert made["ec2:AuthorizeSecurityGroupEgress"].keys["aws:resourcetag/team"] == "data"


def test_an_address_is_tagged_in_the_call_that_allocates_it() -> None:
    """Policies that let tags be set at a creation know it by that call, and the address by its type."""
    made = required("AWS::EC2::EIP", "*", Tags=[{"Key": "team", "Value": "data"}])
    assert made["ec2:CreateTags"].keys["ec2:createaction"] == "AllocateAddress"
    assert ":elastic-ip/" in made["ec2:AllocateAddress"].resource


def test_what_a_resource_stands_in_does_not_have_its_tags() -> None:
    """The VPC of a security group has tags of its own: a policy that asks for those of the group does not match it."""
    properties = {"Tags": [{"Key": "team", "Value": "data"}], "VpcId": "vpc-1"}
    work = Work(
        kind="AWS::EC2::SecurityGroup",
        handler="create",
        properties=properties,
        physical_id="*",
        region="us-west-2",
        account="123456789012",
    )
    creations = [one for one in of_work(work, Nothing()) if one.action == "ec2:CreateSecurityGroup"]
    (vpc,) = (one for one in creations if one.resource.endswith(":vpc/vpc-1"))
    assert "aws:resourcetag/team" not in vpc.keys


def schemas() -> dict[str, dict[str, list[str]]]:
    """Return the permissions of all handlers of all types that cfn-lint bundles."""
    folder = Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
    read = (json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json"))
    return {
        schema["typeName"]: {
            name: sorted(schema["handlers"][name]["permissions"])
            for name in sorted(HANDLERS)
            if "permissions" in schema["handlers"].get(name, {})
        }
        for schema in read
        if "handlers" in schema
    }


def test_an_instance_is_restored_with_a_right_of_its_own() -> None:
    """From a snapshot or from backups, whichever its properties name."""
    of_snapshot, of_backups = "rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBInstanceToPointInTime"
    backups = {"SourceDbiResourceId": "db-ABC", "RestoreTime": "2026-11-29T07:30:00Z"}
    for properties, actions in (
        ({}, set()),
        ({"DBSnapshotIdentifier": "one"}, {of_snapshot}),
        (backups, {of_backups}),
    ):
        found = required("AWS::RDS::DBInstance", "demo-instance", **properties)
        assert found.keys() & {of_snapshot, of_backups} == actions
