"""The promises of rehearsal/emulator/patches/database_snapshots.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
LOGIN = """
import os, psycopg2
login = {"host": os.environ["DB_HOST"], "user": os.environ["DB_USER"], "password": os.environ["DB_PASSWORD"]}
login["dbname"] = "things"
"""
WRITE = "with psycopg2.connect(**login) as c: c.cursor().execute('create table snapped (word text)')"
READ = """
login |= {"host": HOST, "user": login["user"], "password": "another-password"}
cursor = psycopg2.connect(**login).cursor()
cursor.execute("select count(*) from pg_tables where tablename = 'snapped'")
print(cursor.fetchone()[0])
"""


def test_an_instance_that_is_made_of_a_snapshot_has_its_data(yard: Yard) -> None:
    """And the password of its template; the snapshot can be deleted, and its files go with it."""
    rds = yard.client("rds")
    yard.run("python", "-c", LOGIN + WRITE)
    rds.create_db_snapshot(DBInstanceIdentifier=yard.outputs["Instance"], DBSnapshotIdentifier="kept")
    restored = {"Instance": _restored("kept", **_place(rds, yard.outputs["Instance"]))}
    outputs = {"Host": {"Fn::GetAtt": ["Instance", "Endpoint.Address"]}}
    stack = yard.create("restored", restored, outputs=outputs)
    host = yard.output(stack, "Host")
    assert yard.run("python", "-c", LOGIN + READ.replace("HOST", repr(host)))[-1] == "1"
    files = yard.emulator.directory / "snapshots" / "kept"
    assert files.is_dir()
    rds.delete_db_snapshot(DBSnapshotIdentifier="kept")
    assert not files.exists()
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_snapshot_that_is_not_there_makes_no_instance(yard: Yard) -> None:
    """In the words of RDS."""
    stack = yard.create("missing", {"Instance": _restored("nowhere")})
    assert any("DBSnapshotNotFound" in reason for _, _, reason in yard.events(stack))
    assert yard.delete(stack) == "DELETE_COMPLETE"


def _place(rds: Any, instance: str) -> dict[str, Any]:
    """Return where another instance is, so that the same tasks reach a new one."""
    (seen,) = rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"]
    groups = [group["VpcSecurityGroupId"] for group in seen["VpcSecurityGroups"]]
    return {"VPCSecurityGroups": groups, "DBSubnetGroupName": seen["DBSubnetGroup"]["DBSubnetGroupName"]}


def _restored(snapshot: str, **more: Any) -> dict[str, Any]:
    own = {"Engine": "postgres", "EngineVersion": "16", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20"}
    given = {"DBSnapshotIdentifier": snapshot, "MasterUserPassword": "another-password"}
    return {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete", "Properties": {**own, **given, **more}}
