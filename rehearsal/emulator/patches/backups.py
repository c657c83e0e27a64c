"""Vaults and selections of AWS Backup as resources of CloudFormation, and what AWS Backup refuses about them.

A vault whose name is taken is refused, and so is the deletion of one with copies. No copy is ever taken here.
Sources: CreateBackupVault, DeleteBackupVault, CreateBackupSelection, AWS Backup API Reference,
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any

from botocore.exceptions import ClientError
from ministack.services import backup

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

VAULT, SELECTION = "AWS::Backup::BackupVault", "AWS::Backup::BackupSelection"


def apply(handlers: ResourceHandlers) -> None:
    """Correct vaults, and add selections."""
    create_vault = handlers.original(VAULT, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        if properties["BackupVaultName"] in backup._vaults:
            raise ValueError(f"Backup vault with the same name already exists: {properties['BackupVaultName']}")
        created: Created = create_vault(logical_id, properties, stack)
        return created

    def select(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
        plan = properties["BackupPlanId"]
        try:
            made = handlers.api("backup").create_backup_selection(
                BackupPlanId=plan, BackupSelection=properties["BackupSelection"]
            )
        except ClientError as error:
            raise ValueError(str(error)) from None
        identity = made["SelectionId"]
        return f"{identity}_{plan}", {"SelectionId": identity, "BackupPlanId": plan}

    def deselect(physical_id: str, _properties: dict[str, Any]) -> None:
        identity, _, plan = physical_id.partition("_")
        if identity in backup._selections:
            handlers.api("backup").delete_backup_selection(BackupPlanId=plan, SelectionId=identity)

    handlers.put(VAULT, create=create)
    handlers.put(SELECTION, create=select, delete=deselect)
