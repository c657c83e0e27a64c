"""The copies that AWS Backup takes of database and file system: vault, plan, role, and what the plan is for."""

from typing import Any

from troposphere import Join, Select, Split, Sub
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

from compiler.backups import backup_permissions, copied
from compiler.contract import BACKUP_VAULT
from compiler.model import stack_values as values
from compiler.model.stack import RETAIN, StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.encryption import key_of
from compiler.resources.policies import trust_backup
from compiler.resources.roles import add_role
from spec.environment import Environment
from spec.sections.backup import Backup

DESCRIPTION = "Copies of database and file system"
ROLE = "What AWS Backup may do to copy database and file system"
TIMEOUT_MINUTES = 15
PROMPT_MINUTES = 60
"""How long after its time a copy may begin while a database can be asleep soon: the shortest that AWS Backup takes.
Source: StartWindowMinutes, AWS Backup API Reference; its default is eight hours."""
INPUTS = frozenset({values.DATABASE_INSTANCE, values.FILE_SYSTEM, values.ENCRYPTION_KEY})
OUTPUTS: frozenset[StackValue] = frozenset()


def build(env: Environment, stack: StackBuilder) -> None:
    """Add vault, plan, role and selection of an environment that is backed up."""
    if env.backup is None:
        return
    vault = _add_vault(env, stack, env.backup)
    role = add_role(stack, "BackupRole", ROLE, trust_backup(), backup_permissions(env))
    rule = BackupRuleResourceType(
        RuleName=env.name,
        TargetBackupVault=vault.ref(),
        ScheduleExpression=env.backup.schedule,
        Lifecycle=LifecycleResourceType(DeleteAfterDays=env.backup.keep_days),
    )
    if env.schedule:
        rule.StartWindowMinutes = PROMPT_MINUTES
    plan = stack.add(
        BackupPlan("Plan", BackupPlan=BackupPlanResourceType(BackupPlanName=env.name, BackupPlanRule=[rule])),
        "When copies are taken, and for how long they are kept",
    )
    selection = BackupSelectionResourceType(
        SelectionName=env.name,
        IamRoleArn=role,
        Resources=[Sub(arn) for arn in copied(env)],
    )
    stack.add(
        BackupSelection("Selection", BackupPlanId=plan.ref(), BackupSelection=selection), "What copies are taken of"
    )


def _add_vault(env: Environment, stack: StackBuilder, backup: Backup) -> BackupVault:
    """Add the vault; it stays with its copies, so that its name ends with what no later environment has.

    It encrypts copies of files alone: a snapshot has the key of its instance. Source: "Encryption for backups in AWS
    Backup", https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
    """
    key = key_of(env, stack, "file_system")
    more: dict[str, Any] = {"EncryptionKeyArn": key} if key else {}
    if backup.lock:
        more["LockConfiguration"] = LockConfigurationType(MinRetentionDays=backup.keep_days)
    digits = Select(0, Split("-", Select(2, Split("/", Sub("${AWS::StackId}")))))
    return stack.add(
        BackupVault(BACKUP_VAULT, BackupVaultName=Join("-", [env.name, digits]), **more, **RETAIN),
        "Vault of the copies, which outlives this environment",
    )
