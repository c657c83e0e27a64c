"""The copies that AWS Backup takes of database and file system: vault, plan, role, and what the plan is for."""

from collections.abc import Iterator
from typing import Any

from troposphere import GetAtt, Join, Select, Split, Sub
from troposphere.backup import (
    BackupPlan,
    BackupPlanResourceType,
    BackupRuleResourceType,
    BackupSelection,
    BackupSelectionResourceType,
    BackupVault,
    LifecycleResourceType,
    LockConfigurationType,
)
from troposphere.iam import Policy, Role

from compiler.environment_parts import needs_file_system
from compiler.model import stack_values as values
from compiler.model.permission import ANY, Permission
from compiler.model.stack import RETAIN, StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.encryption import key_of
from compiler.resources.policies import HERE, document, statement, trust_backup
from spec.environment import Environment
from spec.sections.backup import Backup
from spec.sections.database import Rds

DESCRIPTION = "Copies of database and file system"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({values.DATABASE_INSTANCE, values.FILE_SYSTEM, values.ENCRYPTION_KEY})
OUTPUTS: frozenset[StackValue] = frozenset()

BACKUP = "backup"
"""The source of what AWS Backup does itself."""
_WHY = "copies of what the environment keeps"
_INSTANCE = f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{values.DATABASE_INSTANCE.title}}}"
_FILES = f"arn:${{AWS::Partition}}:elasticfilesystem:{HERE}:file-system/${{{values.FILE_SYSTEM.title}}}"


def build(env: Environment, stack: StackBuilder) -> None:
    """Add vault, plan, role and selection of an environment that is backed up."""
    if env.backup is None:
        return
    vault = _add_vault(env, stack, env.backup)
    role = stack.add(
        Role(
            "BackupRole",
            Description="What AWS Backup may do to copy database and file system",
            AssumeRolePolicyDocument=trust_backup(),
            Policies=[
                Policy(
                    PolicyName="BackupRole",
                    PolicyDocument=document(*(statement(stack, one) for one in permissions(env))),
                )
            ],
        ),
        "What AWS Backup may do to copy database and file system",
    )
    rule = BackupRuleResourceType(
        RuleName=env.name,
        TargetBackupVault=vault.ref(),
        ScheduleExpression=env.backup.schedule,
        Lifecycle=LifecycleResourceType(DeleteAfterDays=env.backup.keep_days),
    )
    plan = stack.add(
        BackupPlan("Plan", BackupPlan=BackupPlanResourceType(BackupPlanName=env.name, BackupPlanRule=[rule])),
        "When copies are taken, and for how long they are kept",
    )
    selection = BackupSelectionResourceType(
        SelectionName=env.name, IamRoleArn=GetAtt(role, "Arn"), Resources=[Sub(arn) for arn in _resources(env)]
    )
    stack.add(
        BackupSelection("Selection", BackupPlanId=plan.ref(), BackupSelection=selection), "What copies are taken of"
    )


def _add_vault(env: Environment, stack: StackBuilder, backup: Backup) -> BackupVault:
    """Add the vault; it stays with its copies, so that its name ends with what no later environment has."""
    key = key_of(env, stack, "database")
    more: dict[str, Any] = {"EncryptionKeyArn": key} if key else {}
    if backup.lock:
        more["LockConfiguration"] = LockConfigurationType(MinRetentionDays=backup.keep_days)
    digits = Select(0, Split("-", Select(2, Split("/", Sub("${AWS::StackId}")))))
    return stack.add(
        BackupVault("Vault", BackupVaultName=Join("-", [env.name, digits]), **more, **RETAIN),
        "Vault of the copies, which outlives this environment",
    )


def _resources(env: Environment) -> Iterator[str]:
    if isinstance(env.database, Rds):
        yield _INSTANCE
    if needs_file_system(env):
        yield _FILES


def permissions(env: Environment) -> Iterator[Permission]:
    """Yield what AWS Backup needs, of what it is here for.

    Source: AWSBackupServiceRolePolicyForBackup, AWS Managed Policy Reference,
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
    """
    snapshots = f"arn:${{AWS::Partition}}:rds:{HERE}:snapshot:awsbackup:*"
    rows: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    if isinstance(env.database, Rds):
        actions = ("rds:AddTagsToResource", "rds:CreateDBSnapshot", "rds:ListTagsForResource")
        rows["CopyDatabase"] = (actions, (_INSTANCE, snapshots))
        rows["KeepSnapshots"] = (
            ("rds:CopyDBSnapshot", "rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute"),
            (snapshots,),
        )
        rows["LookAtDatabase"] = (("rds:DescribeDBInstances", "rds:DescribeDBSnapshots"), (ANY,))
    if needs_file_system(env):
        rows["CopyFiles"] = (("elasticfilesystem:Backup", "elasticfilesystem:DescribeTags"), (_FILES,))
    vaults = f"arn:${{AWS::Partition}}:backup:{HERE}:backup-vault:{env.name}-*"
    rows["UseVault"] = (("backup:CopyIntoBackupVault", "backup:DescribeBackupVault"), (vaults,))
    for sid, (allowed, resources) in rows.items():
        yield Permission(source=BACKUP, sid=sid, actions=allowed, resources=resources, why=_WHY)
