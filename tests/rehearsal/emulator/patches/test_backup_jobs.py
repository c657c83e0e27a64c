"""The promises of rehearsal/emulator/patches/backup_jobs.py, in an emulator: copies are taken by the fake clock."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.rules import fake_clock
from tests.rehearsal.emulator.patches.test_backups import resources, role
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal
DAY = 86_400
RIGHTS = ("rds:AddTagsToResource", "rds:CreateDBSnapshot", "elasticfilesystem:Backup")


def _copies(yard: Yard) -> tuple[str, str]:
    """Return the ARNs of the instance and of the file system of the yard."""
    here = f"{REGION}:{ACCOUNT}"
    return (
        f"arn:aws:rds:{here}:db:{yard.outputs['Instance']}",
        f"arn:aws:elasticfilesystem:{here}:file-system/{yard.outputs['FileSystem']}",
    )


def _a_day_later(yard: Yard) -> list[dict[str, Any]]:
    """Set the clock forward for a moment; the jobs that there are then.

    Further than the times before: it may not have been looked at since it was set back.
    """
    backup, directory = yard.client("backup"), yard.emulator.directory
    now, before = fake_clock.now(directory), len(backup.list_backup_jobs()["BackupJobs"])
    fake_clock.set_to(directory, now + DAY * (1 + before))
    yard.until(lambda: len(backup.list_backup_jobs()["BackupJobs"]) == before + 2)
    fake_clock.set_to(directory, now)
    return list(backup.list_backup_jobs()["BackupJobs"])


def test_a_plan_that_is_due_copies_data_and_files(yard: Yard) -> None:
    """The vault lists them, and stays as long as it has any."""
    yard.run("sh", "-c", "echo kept > /opt/shelf/page")
    kept = {"Type": "AWS::Backup::BackupVault", "DeletionPolicy": "Retain", "Properties": {"BackupVaultName": "copied"}}
    allowed = role("backup.amazonaws.com", *RIGHTS)
    stack = yard.create("copied", resources("copied", *_copies(yard), Role=allowed, Vault=kept))
    assert {job["State"] for job in _a_day_later(yard)} == {"COMPLETED"}
    points = yard.client("backup").list_recovery_points_by_backup_vault(BackupVaultName="copied")["RecoveryPoints"]
    arns = sorted(point["RecoveryPointArn"] for point in points)
    assert [arn.split(":")[2] for arn in arns] == ["backup", "rds"]
    snapshot = arns[1].split(":snapshot:")[1]
    assert snapshot.startswith("awsbackup:job-")
    assert yard.client("rds").describe_db_snapshots(DBSnapshotIdentifier=snapshot)["DBSnapshots"]
    copy = yard.emulator.directory / "recovery-points" / arns[0].rpartition(":")[2]
    assert (copy / "shelf" / "page").read_text(encoding="utf-8") == "kept\n"
    with pytest.raises(ClientError, match="contains 2 recovery points"):
        yard.client("backup").delete_backup_vault(BackupVaultName="copied")
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_role_that_may_not_copies_nothing(yard: Yard) -> None:
    """The job says why, and the vault stays empty."""
    stack = yard.create("denied", resources("denied", *_copies(yard), Role=role()))
    jobs = [job for job in _a_day_later(yard) if job["BackupVaultName"] == "denied"]
    assert {job["State"] for job in jobs} == {"FAILED"}
    assert any("rds:CreateDBSnapshot" in job["StatusMessage"] for job in jobs)
    assert any("elasticfilesystem:Backup" in job["StatusMessage"] for job in jobs)
    assert yard.delete(stack) == "DELETE_COMPLETE"
