"""AWS Backup takes its copies when a plan is due by the fake clock, as the role of the selection: MiniStack takes none.

A copy of a DB instance is a snapshot of RDS with its data, one of a file system a copy of its files.
Sources: "Backup creation by resource type" and "Recovery points", AWS Backup Developer Guide,
https://docs.aws.amazon.com/aws-backup/latest/devguide/recovery-points.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.core.responses import new_uuid, request_scope
from ministack.services import backup

from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.iam.requirements import Requirement
from rehearsal.emulator.patches.backups import PRINCIPAL, assumes
from rehearsal.emulator.patches.handlers import ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.schedule_expressions import Timing, last_due

FOLDER = "recovery-points"
"""Where the copies of file systems are, in the directory of the emulator."""

Due = tuple[str, str, str]
"""Vault, role and ARN of what is to be copied."""


class BackupJobs:
    """The jobs of all plans, and the recovery points that they leave."""

    def __init__(self, access: Access, handlers: ResourceHandlers) -> None:
        self._settings = access.settings
        self._access = access
        self._handlers = handlers
        self._looked_until = fake_clock.now(access.settings.path)

    def apply(self) -> None:
        """Let a vault list what is in it."""
        rebind(backup, "_list_recovery_points_by_vault", _listed, takes="vault_name query")

    def call_due(self) -> None:
        """Start the jobs that are due, in the background; call this often, within a request scope."""
        since, self._looked_until = self._looked_until, fake_clock.now(self._settings.path)
        due = [job for plan in list(backup._plans.values()) for job in _due(plan, since, self._looked_until)]
        if due:
            spawn_background(self._copy_all, due, thread_name="backups")

    def _copy_all(self, due: list[Due]) -> None:
        with request_scope(self._settings.account, self._settings.region):
            for vault, role, resource in due:
                request = {"BackupVaultName": vault, "IamRoleArn": role, "ResourceArn": resource}
                try:
                    copy = self._copied(role, resource)
                except Exception as error:  # noqa: BLE001  whatever the error is, the job has it
                    logging.getLogger("emulator").warning("backup of %s: %s", resource, error)
                    _record(request, {"State": "FAILED", "StatusMessage": str(error), "RecoveryPointArn": ""})
                else:
                    _record(request, {"RecoveryPointArn": copy})

    def _copied(self, role: str, resource: str) -> str:
        """Copy something as a role, and return the ARN of the recovery point."""
        if not assumes(role):
            raise PermissionError(f"IAM Role {role} cannot be assumed by {PRINCIPAL}")
        _, _, service, _, _, name = resource.split(":", 5)
        job = new_uuid()
        if service == "rds":
            rds = self._handlers.api_of_role("rds", self._access.principals.open_session(role, job))
            asked = {"DBInstanceIdentifier": name.removeprefix("db:"), "DBSnapshotIdentifier": f"awsbackup:job-{job}"}
            return str(rds.create_db_snapshot(**asked)["DBSnapshot"]["DBSnapshotArn"])
        self._may_copy_files(role, resource)
        files = self._settings.path / "efs" / name.rpartition("/")[2]
        shutil.copytree(files, self._settings.path / FOLDER / job, symlinks=True)
        return f"arn:aws:backup:{self._settings.region}:{self._settings.account}:recovery-point:{job}"

    def _may_copy_files(self, role: str, resource: str) -> None:
        principal = self._access.principals.of_role(role, "AWSBackup")
        if principal is not None:
            self._access.decisions.require(principal, Requirement(action="elasticfilesystem:Backup", resource=resource))


def _due(plan: Mapping[str, Any], since: float, until: float) -> Iterator[Due]:
    selections = [one for one in list(backup._selections.values()) if one["BackupPlanId"] == plan["BackupPlanId"]]
    for rule in plan["BackupPlan"]["Rules"]:
        if last_due(Timing(expression=rule["ScheduleExpression"]), since, until) is not None:
            for one in selections:
                yield from ((rule["TargetBackupVaultName"], one["IamRoleArn"], arn) for arn in one["Resources"])


def _record(request: Mapping[str, str], facts: Mapping[str, str]) -> None:
    """Note a job with what is known of it; only one that went well leaves something in the vault."""
    _, _, body = backup._start_job(dict(request))
    backup._jobs[json.loads(body)["BackupJobId"]].update(facts)
    if not facts["RecoveryPointArn"]:
        backup._vaults[request["BackupVaultName"]]["NumberOfRecoveryPoints"] -= 1


def _listed(answer: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    def listed(vault_name: str, query: Any) -> Any:
        if vault_name not in backup._vaults:
            return answer(vault_name, query)
        names = ("RecoveryPointArn", "BackupVaultName", "BackupVaultArn", "ResourceArn", "IamRoleArn", "CreationDate")
        jobs = [job for job in list(backup._jobs.values()) if job["BackupVaultName"] == vault_name]
        points = [{name: job[name] for name in names} for job in jobs if job["RecoveryPointArn"]]
        return backup._paginate(points, query, "RecoveryPoints")

    return listed
