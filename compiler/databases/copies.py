"""What AWS Backup copies of a database instance, and what it may do for that."""

from collections.abc import Iterator

from compiler.model import stack_values as values
from compiler.model.permission import ANY, Permission
from compiler.resources.permissions import BACKUP
from compiler.resources.policies import HERE

INSTANCE = f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{values.DATABASE_INSTANCE.title}}}"
_SNAPSHOTS = f"arn:${{AWS::Partition}}:rds:{HERE}:snapshot:awsbackup:*"
"""AWS Backup names its snapshots so, and those alone."""


def copy_permissions() -> Iterator[Permission]:
    """Yield what AWS Backup does to the instance and to its own snapshots; listing has no narrower resource.

    Source: AWSBackupServiceRolePolicyForBackup, AWS Managed Policy Reference,
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
    """
    taken = ("rds:AddTagsToResource", "rds:CreateDBSnapshot", "rds:ListTagsForResource")
    kept = ("rds:CopyDBSnapshot", "rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute")
    looks = ("rds:DescribeDBInstances", "rds:DescribeDBSnapshots")
    rows = (
        ("CopyDatabase", taken, (INSTANCE, _SNAPSHOTS)),
        ("KeepSnapshots", kept, (_SNAPSHOTS,)),
        ("LookAtDatabase", looks, (ANY,)),
    )
    for sid, actions, resources in rows:
        yield Permission(source=BACKUP, sid=sid, actions=actions, resources=resources, why="copies of the database")
