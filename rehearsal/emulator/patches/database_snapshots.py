"""A snapshot of a DB instance holds its data, and an instance that CloudFormation makes of it begins with them.

Sources: CreateDBSnapshot, Amazon RDS API Reference; DBSnapshotIdentifier, AWS::RDS::DBInstance, CloudFormation Template
Reference. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
"""

import shutil
from typing import Any

from ministack.services import rds

from rehearsal.emulator.context import Context
from rehearsal.emulator.patches.database_origins import snapshot_folder
from rehearsal.emulator.patches.databases import Databases
from rehearsal.emulator.patches.rebinding import Original, rebind, rebind_action


class DatabaseSnapshots:
    """The files of all snapshots."""

    def __init__(self, databases: Databases, context: Context) -> None:
        self._databases = databases
        self._context = context

    def apply(self) -> None:
        """Copy the files of the server when a snapshot is taken, by the API or at a deletion; delete them with it."""
        rebind(rds, "_create_snapshot_internal", self._copying, takes="snap_id instance")
        rebind_action(rds, "DeleteDBSnapshot", self._clearing)

    def _copying(self, create: Original) -> Any:
        def create_with_data(snap_id: str, instance: dict[str, Any]) -> Any:
            server = self._databases.server(instance["DBInstanceIdentifier"])
            if server is not None:
                server.copy_to(snapshot_folder(self._context, snap_id))
            return create(snap_id, instance)

        return create_with_data

    def _clearing(self, answer: Original) -> Any:
        def delete_with_data(request: Any) -> Any:
            answered = answer(request)
            name = rds._p(request, "DBSnapshotIdentifier")  # noqa: SLF001  what needs correcting is not public
            if rds._snapshots.get(name) is None:  # noqa: SLF001  as above
                shutil.rmtree(snapshot_folder(self._context, name), ignore_errors=True)
            return answered

        return delete_with_data
