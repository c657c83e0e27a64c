"""What a DB instance of a template begins with: nothing, a snapshot, or the backups of another at a moment.

RDS copies logs every five minutes; the backups of an instance here reach the present moment.
Sources: RestoreDBInstanceToPointInTime, DescribeDBInstanceAutomatedBackups, Amazon RDS API Reference; RestoreTime and
SourceDbiResourceId, AWS::RDS::DBInstance, CloudFormation Template Reference.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ministack.services import rds

from rehearsal.emulator.context import Context
from rehearsal.emulator.rds.backups import Origin
from rehearsal.emulator.rds.postgres import Postgres

DESCRIBE = "DescribeDBInstanceAutomatedBackups"
ABSENT = "DBInstanceAutomatedBackupNotFound"
FORM = "%Y-%m-%dT%H:%M:%SZ"

Serving = Callable[[str], Postgres | None]
"""Returns the server behind an instance."""


def apply(server: Serving) -> None:
    """Answer what backups reach."""

    def describe(request: Any) -> Any:
        asked, name = rds._p(request, "DbiResourceId"), rds._p(request, "DBInstanceIdentifier")
        found = [
            _described(instance, postgres)
            for instance in list(rds._instances.values())
            if asked in {"", instance["DbiResourceId"]} and name in {"", instance["DBInstanceIdentifier"]}
            if instance["BackupRetentionPeriod"] and (postgres := server(instance["DBInstanceIdentifier"]))
        ]
        if asked and not found:
            return rds._error(ABSENT, f"The automated backups of {asked} were not found.", 404)
        inner = f"<DBInstanceAutomatedBackups>{''.join(found)}</DBInstanceAutomatedBackups>"
        return rds._xml(200, f"{DESCRIBE}Response", f"<{DESCRIBE}Result>{inner}</{DESCRIBE}Result>")

    rds._ACTION_MAP[DESCRIBE] = describe


@contextmanager
def opened(
    context: Context, properties: Mapping[str, Any], server: Serving
) -> Iterator[tuple[Mapping[str, Any], Origin | None]]:
    """Yield the properties that an instance has from its origin, and its files; raise `ValueError` as RDS refuses."""
    if name := properties.get("DBSnapshotIdentifier"):
        yield _of_snapshot(name), Origin(files=snapshot_folder(context, name))
    elif properties.get("RestoreTime"):
        instance = _source(str(properties.get("SourceDbiResourceId")))
        postgres = server(instance["DBInstanceIdentifier"])
        moment = datetime.fromisoformat(properties["RestoreTime"])
        if postgres is None or not instance["BackupRetentionPeriod"]:
            raise _refused("PointInTimeRestoreNotEnabled", f"{instance['DBInstanceIdentifier']} has no backups.", 400)
        _refuse_outside(postgres, moment)
        folder = Path(tempfile.mkdtemp(prefix="backups-", dir=context.settings.path))
        try:
            yield _inherited(instance), postgres.backups_until(moment, folder)
        finally:
            shutil.rmtree(folder)
    else:
        yield {}, None


def snapshot_folder(context: Context, name: str) -> Path:
    """Return where the files of a snapshot are."""
    return context.settings.path / "snapshots" / name


def _of_snapshot(name: str) -> Mapping[str, str]:
    snapshot = rds._snapshots.get(name)
    if snapshot is None:
        raise _refused("DBSnapshotNotFound", f"DBSnapshot {name} not found.", 404)
    return _inherited(snapshot)


def _source(resource_id: str) -> Mapping[str, Any]:
    for instance in list(rds._instances.values()):
        if instance["DbiResourceId"] == resource_id:
            found: Mapping[str, Any] = instance
            return found
    raise _refused(ABSENT, f"The automated backups of {resource_id} were not found.", 404)


def _inherited(source: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: source[name] for name in ("MasterUsername", "DBName")}


def _refuse_outside(postgres: Postgres, moment: datetime) -> None:
    reach = f"The backups of {postgres.identifier} reach from {_utc(postgres.earliest)} to {_utc(postgres.latest)}."
    if not postgres.earliest.replace(microsecond=0) <= moment <= postgres.latest:
        raise _refused("InvalidParameterValue", f"{_utc(moment)} cannot be restored. {reach}", 400)


def _refused(code: str, reason: str, status: int) -> ValueError:
    return ValueError(f"{reason} (Service: Rds, Status Code: {status}, Error Code: {code})")


def _described(instance: Mapping[str, Any], postgres: Postgres) -> str:
    window = {"EarliestTime": _utc(postgres.earliest), "LatestTime": _utc(postgres.latest)}
    facts = {name: instance[name] for name in ("DBInstanceIdentifier", "DbiResourceId", "Engine", "MasterUsername")}
    facts |= {"Status": "active", "RestoreWindow": "".join(_element(*part) for part in window.items())}
    return _element("DBInstanceAutomatedBackup", "".join(_element(*fact) for fact in facts.items()))


def _element(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(FORM)
