"""What AWS Backup copies of an environment, and what it may do for that."""

from collections.abc import Iterator

from compiler.contract import BACKUP_VAULT
from compiler.databases.roster import database_of
from compiler.environment_parts import needs_file_system
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.resources.permissions import BACKUP
from compiler.resources.policies import HERE
from spec.environment import Environment
from spec.sections.encryption import CREATE

_FILES = f"arn:${{AWS::Partition}}:elasticfilesystem:{HERE}:file-system/${{{values.FILE_SYSTEM.title}}}"
_VAULT = f"${{{BACKUP_VAULT}.BackupVaultArn}}"
_STORES = ("database", "file_system")


def copied(env: Environment) -> Iterator[str]:
    """Yield the ARN of each thing that is copied."""
    yield from database_of(env).copied
    if needs_file_system(env):
        yield _FILES


def backup_permissions(env: Environment) -> Iterator[Permission]:
    """Yield what AWS Backup needs, of what it is here for.

    Source: AWSBackupServiceRolePolicyForBackup, AWS Managed Policy Reference,
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
    """
    yield from database_of(env).copy_permissions()
    if needs_file_system(env):
        actions = ("elasticfilesystem:Backup", "elasticfilesystem:DescribeTags")
        yield _may("CopyFiles", actions, _FILES, why="copies of the file system")
    yield _may("UseVault", ("backup:CopyIntoBackupVault", "backup:DescribeBackupVault"), _VAULT, why="where copies are")
    yield from _key_permissions(env)


def _key_permissions(env: Environment) -> Iterator[Permission]:
    """Yield the right to let the services of AWS use the keys of what is copied."""
    keys = dict.fromkeys(key for store in _STORES if (key := env.encryption.of(store)))
    arns = tuple(f"${{{values.ENCRYPTION_KEY.title}}}" if key == CREATE else key for key in keys)
    if arns:
        why = "what a key of yours encrypts"
        yield _may("LookAtKeys", ("kms:DescribeKey",), *arns, why=why)
        yield Permission(
            source=BACKUP,
            sid="LetServicesUseKeys",
            actions=("kms:CreateGrant",),
            resources=arns,
            why=why,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )


def _may(sid: str, actions: tuple[str, ...], *resources: str, why: str) -> Permission:
    return Permission(source=BACKUP, sid=sid, actions=actions, resources=resources, why=why)
