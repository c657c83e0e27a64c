"""The promises of rehearsal/emulator/patches/backups.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import ACCOUNT, Yard

pytestmark = pytest.mark.rehearsal
EVERY_DAY = "cron(0 3 * * ? *)"
FILES = f"arn:aws:elasticfilesystem:eu-central-1:{ACCOUNT}:file-system/fs-0123456789abcdef0"


def role(service: str = "backup.amazonaws.com", *allowed: str) -> dict[str, Any]:
    """Return a role that a service assumes, with these actions everywhere."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    statements = [{"Effect": "Allow", "Action": action, "Resource": "*"} for action in allowed]
    policies = [{"PolicyName": "may", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}]
    document = {"Version": "2012-10-17", "Statement": [trust]}
    properties = {"AssumeRolePolicyDocument": document, "Policies": policies if allowed else []}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def resources(name: str, *copied: Any, rule: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return vault, plan, selection and role; `rule` changes the only rule, `more` replaces resources."""
    planned = {"RuleName": "daily", "TargetBackupVault": {"Ref": "Vault"}, "ScheduleExpression": EVERY_DAY}
    chosen = {
        "SelectionName": name,
        "IamRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Resources": list(copied) or [FILES],
    }
    plan = {"BackupPlan": {"BackupPlanName": name, "BackupPlanRule": [{**planned, **(rule or {})}]}}
    selection = {"BackupPlanId": {"Ref": "Plan"}, "BackupSelection": chosen}
    return {
        "Vault": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": name}},
        "Role": role(),
        "Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": plan},
        "Selection": {"Type": "AWS::Backup::BackupSelection", "Properties": selection},
        **more,
    }


def test_a_plan_with_its_selection_comes_and_goes(yard: Yard) -> None:
    """With the lock of the vault, which an update takes off."""
    locked = {"BackupVaultName": "whole", "LockConfiguration": {"MinRetentionDays": 35}}
    vault = {"Type": "AWS::Backup::BackupVault", "Properties": locked}
    stack = yard.create("backup", resources("whole", Vault=vault))
    backup = yard.client("backup")
    assert yard.status(stack) == "CREATE_COMPLETE", yard.events(stack)
    described = backup.describe_backup_vault(BackupVaultName="whole")
    assert (described["Locked"], described["MinRetentionDays"]) == (True, 35)
    (plan,) = (one for one in backup.list_backup_plans()["BackupPlansList"] if one["BackupPlanName"] == "whole")
    (selection,) = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
    assert selection["SelectionName"] == "whole"
    with pytest.raises(ClientError, match="selections must be deleted prior"):
        backup.delete_backup_plan(BackupPlanId=plan["BackupPlanId"])
    assert yard.update(stack, resources("whole")) == "UPDATE_COMPLETE"
    assert backup.describe_backup_vault(BackupVaultName="whole")["Locked"] is False
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert not any(one["BackupVaultName"] == "whole" for one in backup.list_backup_vaults()["BackupVaultList"])


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"rule": {"ScheduleExpression": "cron(0 25 * * ? *)"}}, "Invalid schedule expression"),
        ({"rule": {"StartWindowMinutes": 30}}, "at least 60 minutes"),
        ({"rule": {"TargetBackupVault": "nowhere"}}, "does not exist"),
        (
            {"rule": {"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 119}}},
            "cannot be less than 90 days apart",
        ),
        ({"Role": role("ecs-tasks.amazonaws.com")}, "cannot be assumed by AWS Backup"),
        ({"Plan": {"Type": "AWS::IAM::Role", "Properties": role()["Properties"]}}, "not found"),
    ],
)
def test_what_aws_backup_would_refuse_is_refused(changed: dict[str, Any], why: str, yard: Yard) -> None:
    """A rollback says why, and leaves nothing."""
    stack = yard.create("unfit", resources("unfit", **changed))
    assert yard.status(stack) == "ROLLBACK_COMPLETE"
    assert any(why in reason for _, _, reason in yard.events(stack)), yard.events(stack)
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_vault_whose_name_is_taken_is_refused(yard: Yard) -> None:
    """Whoever has it keeps it."""
    backup = yard.client("backup")
    backup.create_backup_vault(BackupVaultName="taken")
    stack = yard.create("second", resources("taken"))
    assert any("already exists" in reason for _, _, reason in yard.events(stack))
    assert yard.delete(stack) == "DELETE_COMPLETE"
    backup.delete_backup_vault(BackupVaultName="taken")
