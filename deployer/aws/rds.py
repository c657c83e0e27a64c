"""Snapshots that a deleted database left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient


@dataclass(frozen=True)
class Rds:
    """RDS in one region."""

    client: RDSClient

    def snapshots(self, instance: str) -> tuple[str, ...]:
        """Return the names of the manual and final snapshots of a database instance, which may be gone."""
        pages = self.client.get_paginator("describe_db_snapshots").paginate(
            DBInstanceIdentifier=instance, SnapshotType="manual"
        )
        return tuple(entry.get("DBSnapshotIdentifier", "") for page in pages for entry in page["DBSnapshots"])
