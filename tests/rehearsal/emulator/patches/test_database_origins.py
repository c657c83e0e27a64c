"""The promises of rehearsal/emulator/patches/database_origins.py, in an emulator."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
LOGIN = """
import os, psycopg2
login = {"host": os.environ["DB_HOST"], "user": os.environ["DB_USER"], "password": os.environ["DB_PASSWORD"]}
login["dbname"] = "things"
"""
WRITE = "with psycopg2.connect(**login) as c: c.cursor().execute('create table NAME (word text)')"
MUCH = """
with psycopg2.connect(**login) as connection:
    cursor = connection.cursor()
    cursor.execute("create table much as select md5(n::text) from generate_series(1, 8000000) n")
    cursor.execute("drop table much")
"""
THERE = """
login |= {"host": HOST, "user": login["user"], "password": "another-password"}
with psycopg2.connect(**login) as connection:
    cursor = connection.cursor()
    cursor.execute("select tablename from pg_tables where tablename like 'moment%' order by 1")
    print(*[name for (name,) in cursor.fetchall()])
    cursor.execute("create table if not exists moment_later (word text)")
"""


def test_an_instance_begins_with_what_another_had_at_a_moment(yard: Yard) -> None:
    """Rows before are there and rows after are not; it is no copy that stands still, and has backups of its own."""
    rds = yard.client("rds")
    source = rds.describe_db_instances(DBInstanceIdentifier=yard.outputs["Instance"])["DBInstances"][0]
    _write(yard, "moment_before")
    moment = _pause()
    _write(yard, "moment_after")
    stack, host, instance = _restored(yard, "moment", source, moment)
    assert _tables(yard, host) == "moment_before"
    again, other, _ = _restored(yard, "again", instance, _pause())
    assert _tables(yard, other) == "moment_before moment_later"
    for made in (stack, again):
        assert yard.delete(made) == "DELETE_COMPLETE"


@pytest.mark.endurance
def test_backups_that_grew_begin_anew_and_bring_back_what_came_after(yard: Yard) -> None:
    """The window begins later then, and the folder keeps few logs, however much is written."""
    rds, name = yard.client("rds"), yard.outputs["Instance"]
    (source,) = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    began = _window(rds, source)["EarliestTime"]
    yard.run("python", "-c", LOGIN + MUCH)
    yard.until(lambda: _window(rds, source)["EarliestTime"] > began)
    _write(yard, "moment_grown")
    moment = _pause()
    _write(yard, "moment_lost")
    stack, host, _ = _restored(yard, "grown", source, moment)
    found = _tables(yard, host).split()
    assert "moment_grown" in found
    assert "moment_lost" not in found
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_stopped_instance_is_brought_back_to_any_moment_before(yard: Yard) -> None:
    """Its backups end when it was stopped."""
    rds, name = yard.client("rds"), yard.outputs["Instance"]
    (source,) = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    _write(yard, "moment_asleep")
    moment = _pause()
    rds.stop_db_instance(DBInstanceIdentifier=name)
    yard.until(lambda: _status(rds, name) == "stopped")
    stack, host, _ = _restored(yard, "asleep", source, moment)
    assert "moment_asleep" in _tables(yard, host)
    rds.start_db_instance(DBInstanceIdentifier=name)
    yard.until(lambda: _status(rds, name) == "available")
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_moment_that_the_backups_do_not_reach_makes_no_instance(yard: Yard) -> None:
    """The window that RDS tells is the one that it takes; what has no backups has none at all."""
    rds = yard.client("rds")
    (source,) = rds.describe_db_instances(DBInstanceIdentifier=yard.outputs["Instance"])["DBInstances"]
    window = _window(rds, source)
    for number, moment in enumerate((window["EarliestTime"] - timedelta(seconds=2), _now() + timedelta(minutes=5))):
        stack = yard.create(f"outside{number}", {"Instance": _instance(source, moment)})
        assert any("InvalidParameterValue" in reason for _, _, reason in yard.events(stack))
        assert yard.delete(stack) == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        rds.describe_db_instance_automated_backups(DbiResourceId="db-NOWHERE")
    unknown = {**source, "DbiResourceId": "db-NOWHERE"}
    stack = yard.create("unknown", {"Instance": _instance(unknown, _now())})
    assert any("DBInstanceAutomatedBackupNotFound" in reason for _, _, reason in yard.events(stack))
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_an_instance_without_backups_brings_nothing_back(yard: Yard) -> None:
    """As RDS says of a retention of 0 days."""
    outputs = {"Instance": {"Ref": "Instance"}}
    own = {"MasterUsername": "keeper", "MasterUserPassword": "of-the-test", "BackupRetentionPeriod": 0}
    none = {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete", "Properties": {**SIZE, **own}}
    stack, rds = yard.create("none", {"Instance": none}, outputs=outputs), yard.client("rds")
    (source,) = rds.describe_db_instances(DBInstanceIdentifier=yard.output(stack, "Instance"))["DBInstances"]
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        rds.describe_db_instance_automated_backups(DbiResourceId=source["DbiResourceId"])
    other = yard.create("of-none", {"Instance": _instance(source, _now())})
    assert any("PointInTimeRestoreNotEnabled" in reason for _, _, reason in yard.events(other))
    for made in (other, stack):
        assert yard.delete(made) == "DELETE_COMPLETE"


SIZE = {"Engine": "postgres", "EngineVersion": "16", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20"}


def _instance(source: Any, moment: datetime) -> dict[str, Any]:
    groups = [group["VpcSecurityGroupId"] for group in source["VpcSecurityGroups"]]
    place = {"VPCSecurityGroups": groups, "DBSubnetGroupName": source["DBSubnetGroup"]["DBSubnetGroupName"]}
    origin = {"SourceDbiResourceId": source["DbiResourceId"], "RestoreTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}
    properties = {**SIZE, **place, **origin, "MasterUserPassword": "another-password"}
    return {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete", "Properties": properties}


def _restored(yard: Yard, name: str, source: Any, moment: datetime) -> tuple[str, str, Any]:
    """Return the stack of another instance, its endpoint and its description."""
    outputs = {"Host": {"Fn::GetAtt": ["Instance", "Endpoint.Address"]}, "Instance": {"Ref": "Instance"}}
    stack = yard.create(name, {"Instance": _instance(source, moment)}, outputs=outputs)
    assert yard.status(stack) == "CREATE_COMPLETE", yard.events(stack)
    identity = yard.output(stack, "Instance")
    (described,) = yard.client("rds").describe_db_instances(DBInstanceIdentifier=identity)["DBInstances"]
    return stack, yard.output(stack, "Host"), described


def _window(rds: Any, source: Any) -> Any:
    """Return from when to when the backups of an instance reach."""
    told = rds.describe_db_instance_automated_backups(DbiResourceId=source["DbiResourceId"])
    return told["DBInstanceAutomatedBackups"][0]["RestoreWindow"]


def _write(yard: Yard, table: str) -> None:
    yard.run("python", "-c", LOGIN + WRITE.replace("NAME", table))


def _tables(yard: Yard, host: str) -> str:
    return yard.run("python", "-c", LOGIN + THERE.replace("HOST", repr(host)))[-1]


def _pause() -> datetime:
    """Return a whole second between what was written and what will be: templates know no fractions."""
    time.sleep(1.1)
    moment = _now().replace(microsecond=0)
    time.sleep(1.1)
    return moment


def _now() -> datetime:
    return datetime.now(UTC)


def _status(rds: Any, instance: str) -> str:
    return str(rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]["DBInstanceStatus"])
