"""AWS Backup copies one instance, and touches no snapshot but its own."""

from compiler.databases.copies import INSTANCE, copy_permissions
from compiler.resources.permissions import BACKUP


def test_what_is_copied_is_the_instance_of_the_environment() -> None:
    """A snapshot is taken of this instance alone."""
    (copies,) = (one for one in copy_permissions() if "rds:CreateDBSnapshot" in one.actions)
    assert INSTANCE in copies.resources


def test_snapshots_that_people_took_are_out_of_reach() -> None:
    """What deletes or copies snapshots may do so to those that AWS Backup names itself."""
    (kept,) = (one for one in copy_permissions() if "rds:DeleteDBSnapshot" in one.actions)
    assert {resource.rpartition("snapshot:")[2] for resource in kept.resources} == {"awsbackup:*"}
    assert {permission.source for permission in copy_permissions()} == {BACKUP}
