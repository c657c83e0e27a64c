"""What a teardown does to each resource, by its deletion policy."""

from typing import Any

import pytest

from compiler.model.template_set import TemplateSet
from deployer.aws.stacks import Resource
from deployer.losses.fates import Fate, fates
from deployer.record.owned_resources import StackMember
from pricing.table import HOURS_PER_MONTH, price_table

INSTANCE = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20}


def _member(path: str, type_: str, policy: str, **properties: Any) -> StackMember:
    stack, _, logical_id = path.partition("/")
    assert stack
    return StackMember(
        path=path,
        resource=Resource(
            logical_id=logical_id, physical_id=f"{logical_id}-1", type=type_, status="CREATE_COMPLETE", reason=""
        ),
        template={"Type": type_, "DeletionPolicy": policy, "Properties": properties},
    )


def _fate(member: StackMember, unprotected: TemplateSet | None = None) -> Fate:
    (fate,) = fates((member,), unprotected)
    return fate


def test_what_goes_is_not_kept_and_costs_nothing() -> None:
    """A database of a plain environment is state that is lost; a role is none."""
    fate = _fate(_member("Database/Instance", "AWS::RDS::DBInstance", "Delete", **INSTANCE))
    assert (fate.state, fate.kept, fate.monthly) == (True, "", 0.0)
    assert not _fate(_member("Platform/TaskRole", "AWS::IAM::Role", "Delete")).state


def test_a_final_snapshot_is_named_with_its_price() -> None:
    """It costs at most the storage of its instance."""
    fate = _fate(_member("Database/Instance", "AWS::RDS::DBInstance", "Snapshot", **INSTANCE))
    assert "final snapshot" in fate.kept
    assert fate.monthly == pytest.approx(20 * price_table().amount("rds.snapshot_gb_month"))


def test_what_is_retained_goes_on_costing_what_it_costs() -> None:
    """An instance that stays is paid by the hour; a secret by the month."""
    fate = _fate(_member("Database/Instance", "AWS::RDS::DBInstance", "Retain", **INSTANCE))
    assert fate.kept == "its deletion policy retains it"
    assert fate.monthly > HOURS_PER_MONTH * price_table().amount("rds.db.t4g.micro.hour")
    secret = _fate(_member("Secrets/FernetSeed", "AWS::SecretsManager::Secret", "Retain"))
    assert secret.monthly == pytest.approx(price_table().amount("secret.month"))
    assert "restore_from" in secret.kept


def test_the_templates_without_protection_decide_where_they_are_deployed_first() -> None:
    """What is retained today goes then."""
    member = _member("Storage/CodeBucket", "AWS::S3::Bucket", "Retain")
    bare = TemplateSet(
        name="demo",
        files={"storage.yaml": "Resources: {CodeBucket: {Type: AWS::S3::Bucket, DeletionPolicy: Delete}}\n"},
        nested=("storage",),
    )
    assert _fate(member).kept
    assert not _fate(member, bare).kept


def test_what_is_gone_already_has_no_fate() -> None:
    """An earlier teardown has deleted it."""
    member = _member("Storage/CodeBucket", "AWS::S3::Bucket", "Delete")
    gone = Resource(
        logical_id="CodeBucket", physical_id="b", type="AWS::S3::Bucket", status="DELETE_COMPLETE", reason=""
    )
    assert fates((StackMember(path=member.path, resource=gone, template=member.template),)) == ()
