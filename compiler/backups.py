"""What AWS Backup copies of an environment, and what it may do for that."""

from collections.abc import Iterator

from compiler.environment_parts import needs_file_system
from compiler.model import stack_values as values
from compiler.model.permission import ANY, Permission
from compiler.resources.permissions import BACKUP
from compiler.resources.policies import HERE
from spec.environment import Environment
from spec.sections.database import Rds

_WHY = "copies of what the environment keeps"
_INSTANCE = f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{values.DATABASE_INSTANCE.title}}}"
_FILES = f"arn:${{AWS::Partition}}:elasticfilesystem:{HERE}:file-system/${{{values.FILE_SYSTEM.title}}}"


def copied(env: Environment) -> Iterator[str]:
    """Yield the ARN of each thing that is copied."""
    if isinstance(env.database, Rds):
        yield _INSTANCE
    if needs_file_system(env):
        yield _FILES


def backup_permissions(env: Environment) -> Iterator[Permission]:
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
