"""Databases: whether one runs or is protected, which snapshots it left behind, and what its backups bring back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_rds import RDSClient

_NOT_NOW = frozenset({"InvalidDBInstanceState", "InvalidDBInstanceStateFault"})
ABSENT = frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"})
_NO_SNAPSHOT = frozenset({"DBSnapshotNotFound", "DBSnapshotNotFoundFault"})
_NO_BACKUPS = frozenset({"DBInstanceAutomatedBackupNotFound", "DBInstanceAutomatedBackupNotFoundFault"})
_TAKEN_ALREADY = frozenset({"DBSnapshotAlreadyExists", "DBSnapshotAlreadyExistsFault"})


@dataclass(frozen=True)
class Snapshot:
    """A snapshot of a database; `storage_gb` is the size in GiB of the volume that it was taken of."""

    name: str
    storage_gb: int


@dataclass(frozen=True)
class RestoreWindow:
    """The first and the last moment to which automated backups bring an instance back, with their time zone."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True)
class Rds:
    """RDS in one region."""

    client: RDSClient

    def state(self, instance: str) -> str:
        """Return the status of a database instance, such as `available` or `stopped`."""
        found = self.client.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"]
        return found[0].get("DBInstanceStatus", "") if found else ""

    def resource_id(self, instance: str) -> str:
        """Return the id of a database instance that no other ever has, such as `db-ABCDEFGH`."""
        return self.client.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]["DbiResourceId"]

    def restore_window(self, resource_id: str) -> RestoreWindow | None:
        """Return what the backups of an instance reach, which may be gone; None where there are none yet, or no more.

        Source: RestoreWindow, Amazon RDS API Reference.
        """
        try:
            found = self.client.describe_db_instance_automated_backups(DbiResourceId=resource_id)
        except AwsRefusal as error:
            if error.code in _NO_BACKUPS:
                return None
            raise
        for backups in found["DBInstanceAutomatedBackups"]:
            window = backups.get("RestoreWindow", {})
            if "EarliestTime" in window and "LatestTime" in window:
                return RestoreWindow(window["EarliestTime"], window["LatestTime"])
        return None

    def start(self, instance: str) -> None:
        """Start a stopped instance; one that is starting already is no error."""
        try:
            self.client.start_db_instance(DBInstanceIdentifier=instance)
        except AwsRefusal as error:
            if error.code not in _NOT_NOW:
                raise

    def is_protected(self, instance: str) -> bool:
        """Return whether deletion protection keeps an instance; False when it is gone."""
        try:
            found = self.client.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"]
        except AwsRefusal as error:
            if error.code in ABSENT:
                return False
            raise
        return any(entry.get("DeletionProtection", False) for entry in found)

    def unprotect(self, instance: str) -> None:
        """Lift deletion protection; an instance that is gone, or that cannot be modified now, is no error."""
        try:
            self.client.modify_db_instance(
                DBInstanceIdentifier=instance, DeletionProtection=False, ApplyImmediately=True
            )
        except AwsRefusal as error:
            if error.code not in _NOT_NOW | ABSENT:
                raise

    def take_snapshot(self, instance: str, name: str, tags: Mapping[str, str]) -> None:
        """Begin a manual snapshot; one of this name, or an instance that is busy, is no error: look for its state."""
        try:
            self.client.create_db_snapshot(
                DBInstanceIdentifier=instance,
                DBSnapshotIdentifier=name,
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            )
        except AwsRefusal as error:
            if error.code not in _TAKEN_ALREADY | _NOT_NOW:
                raise

    def snapshot_state(self, name: str) -> str:
        """Return the status of a snapshot, such as `creating` or `available`; empty where there is none."""
        try:
            found = self.client.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"]
        except AwsRefusal as error:
            if error.code in _NO_SNAPSHOT:
                return ""
            raise
        return found[0].get("Status", "") if found else ""

    def snapshots(self, instance: str) -> tuple[Snapshot, ...]:
        """Return the manual and final snapshots of a database instance, which may be gone."""
        pages = self.client.get_paginator("describe_db_snapshots").paginate(
            DBInstanceIdentifier=instance, SnapshotType="manual"
        )
        return tuple(
            Snapshot(entry.get("DBSnapshotIdentifier", ""), entry.get("AllocatedStorage", 0))
            for page in pages
            for entry in page["DBSnapshots"]
        )
