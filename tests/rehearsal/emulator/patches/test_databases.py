"""The promises of rehearsal/emulator/patches/databases.py, in an emulator."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.networking.tls import Certificates
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
LOGIN = """
import os, psycopg2
login = {"host": os.environ["DB_HOST"], "user": os.environ["DB_USER"], "password": os.environ["DB_PASSWORD"]}
login["dbname"] = "things"
"""
ENCRYPTED = """
with psycopg2.connect(sslmode="require", **login) as connection:
    cursor = connection.cursor()
    cursor.execute("create table kept (word text)")
    cursor.execute("select usesuper from pg_user where usename = current_user")
    print("superuser:", cursor.fetchone()[0])
try:
    psycopg2.connect(sslmode="disable", **login)
except psycopg2.OperationalError as error:
    print(str(error).splitlines()[0])
"""
VERIFIED = """
import sys
for authority in sys.argv[1:]:
    open("/tmp/authority.crt", "w").write(authority)
    try:
        psycopg2.connect(sslmode="verify-full", sslrootcert="/tmp/authority.crt", **login)
        print("verified")
    except psycopg2.OperationalError as error:
        print(error)
"""
PLAIN = """
psycopg2.connect(sslmode="disable", **login)
print("plain")
"""
FORCE = "rds.force_ssl"
WRITE = "with psycopg2.connect(**login) as c: c.cursor().execute('create table stopped (word text)')"
READ = "c = psycopg2.connect(**login).cursor(); c.execute('select * from stopped'); print(c.fetchall())"


def test_a_database_is_postgres_over_tls_only(yard: Yard) -> None:
    """The instance answers with TLS, its master user is no superuser, and without TLS it refuses like RDS."""
    lines = yard.run("python", "-c", LOGIN + ENCRYPTED)
    assert lines[0] == "superuser: False"
    assert "no encryption" in lines[1]


def test_the_certificate_is_one_of_the_session_for_the_endpoint(yard: Yard, tmp_path: Path) -> None:
    """A client that trusts another authority does not connect."""
    other = Certificates(tmp_path).authority()
    lines = yard.run("python", "-c", LOGIN + VERIFIED, yard.emulator.internet.authority.read_text(), other.read_text())
    assert lines[0] == "verified"
    assert "certificate verify failed" in lines[1]


def test_the_parameter_group_lets_plain_connections_in(yard: Yard) -> None:
    """At once, since `rds.force_ssl` is dynamic; an instance that stands keeps serving those with TLS."""
    rds, instance = yard.client("rds"), yard.outputs["Instance"]
    (described,) = rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"]
    group = described["DBParameterGroups"][0]["DBParameterGroupName"]
    for value in ("0", "1"):
        change = {"ParameterName": FORCE, "ParameterValue": value, "ApplyMethod": "immediate"}
        rds.modify_db_parameter_group(DBParameterGroupName=group, Parameters=[change])
        task = yard.launch("python", "-c", LOGIN + PLAIN)
        assert yard.reached(task, "STOPPED")["containers"][0]["exitCode"] == int(value)


def test_a_stopped_instance_answers_nobody_and_keeps_its_data(yard: Yard) -> None:
    """It passes through `stopping` and `starting`; a call in the wrong state is refused."""
    rds, instance = yard.client("rds"), yard.outputs["Instance"]
    yard.run("python", "-c", LOGIN + WRITE)
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    assert _status(rds, instance) in {"stopping", "stopped"}
    yard.until(lambda: _status(rds, instance) == "stopped")
    task = yard.launch("python", "-c", LOGIN + READ)
    assert yard.reached(task, "STOPPED")["containers"][0]["exitCode"] == 1
    with pytest.raises(ClientError, match="is not in available state"):
        rds.stop_db_instance(DBInstanceIdentifier=instance)
    rds.start_db_instance(DBInstanceIdentifier=instance)
    yard.until(lambda: _status(rds, instance) == "available")
    assert yard.run("python", "-c", LOGIN + READ) == ["[]"]


def test_a_protected_instance_stops_the_deletion(yard: Yard) -> None:
    """Its stack says so; without protection the instance goes, and its data with it."""
    stack = yard.create(
        "protected", {"Instance": _instance(DeletionProtection=True)}, outputs={"Instance": {"Ref": "Instance"}}
    )
    identifier, rds = yard.output(stack, "Instance"), yard.client("rds")
    assert yard.delete(stack) == "DELETE_FAILED"
    assert any("Cannot delete protected DB Instance" in reason for _, _, reason in yard.events(stack))
    assert (yard.emulator.directory / "rds" / identifier).is_dir()
    rds.modify_db_instance(DBInstanceIdentifier=identifier, DeletionProtection=False)
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert not (yard.emulator.directory / "rds" / identifier).exists()


def test_a_stopped_instance_cannot_be_modified(yard: Yard) -> None:
    """Neither by CloudFormation nor by the API; started, it can."""
    rds = yard.client("rds")
    stack = yard.create("asleep", {"Instance": _instance()}, outputs={"Instance": {"Ref": "Instance"}})
    instance = yard.output(stack, "Instance")
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    yard.until(lambda: _status(rds, instance) == "stopped")
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        rds.modify_db_instance(DBInstanceIdentifier=instance, DeletionProtection=False)
    more = {"Instance": _instance(BackupRetentionPeriod=3)}
    assert yard.update(stack, more) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("InvalidDBInstanceState" in reason for _, _, reason in yard.events(stack))
    rds.start_db_instance(DBInstanceIdentifier=instance)
    yard.until(lambda: _status(rds, instance) == "available")
    assert yard.update(stack, more) == "UPDATE_COMPLETE"
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_new_major_version_is_refused(yard: Yard) -> None:
    """Without the flag, by CloudFormation and by the API."""
    stack = yard.create("versions", {"Instance": _instance()}, outputs={"Instance": {"Ref": "Instance"}})
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*AllowMajorVersionUpgrade"):
        yard.client("rds").modify_db_instance(
            DBInstanceIdentifier=yard.output(stack, "Instance"), EngineVersion="17", ApplyImmediately=True
        )
    assert yard.update(stack, {"Instance": _instance(EngineVersion="17")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("AllowMajorVersionUpgrade" in reason for _, _, reason in yard.events(stack))
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_new_major_version_takes_the_flag_and_a_new_parameter_group(yard: Yard) -> None:
    """CloudFormation replaces the group, whose family never changes, and the instance keeps its server and data."""
    outputs = {"Instance": {"Ref": "Instance"}, "Group": {"Ref": "Group"}}
    stack = yard.create("majors", _of_version("16"), outputs=outputs)
    instance, group, rds = yard.output(stack, "Instance"), yard.output(stack, "Group"), yard.client("rds")
    up = _of_version("17", AllowMajorVersionUpgrade=True)
    kept = {**up, "Group": _of_version("16")["Group"]}
    assert yard.update(stack, kept, outputs=outputs) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("with DBParameterGroupFamily postgres16 cannot be used" in reason for _, _, reason in yard.events(stack))
    assert yard.update(stack, up, outputs=outputs) == "UPDATE_COMPLETE"
    assert yard.output(stack, "Instance") == instance
    assert yard.output(stack, "Group") != group
    (described,) = rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"]
    assert described["EngineVersion"] == "17"
    assert described["DBParameterGroups"][0]["DBParameterGroupName"] == yard.output(stack, "Group")
    groups = {one["DBParameterGroupName"]: one for one in rds.describe_db_parameter_groups()["DBParameterGroups"]}
    assert groups[yard.output(stack, "Group")]["DBParameterGroupFamily"] == "postgres17"
    assert group not in groups
    assert yard.delete(stack) == "DELETE_COMPLETE"


def _of_version(version: str, **more: Any) -> dict[str, Any]:
    group = {"Family": f"postgres{version}", "Description": "of the test", "Parameters": {"rds.force_ssl": "1"}}
    instance = _instance(EngineVersion=version, DBParameterGroupName={"Ref": "Group"}, **more)
    return {"Group": {"Type": "AWS::RDS::DBParameterGroup", "Properties": group}, "Instance": instance}


def _instance(**more: Any) -> dict[str, Any]:
    own = {"Engine": "postgres", "EngineVersion": "16", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20"}
    login = {"MasterUsername": "keeper", "MasterUserPassword": "of-the-test"}
    return {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete", "Properties": {**own, **login, **more}}


def _status(rds: Any, instance: str) -> str:
    return str(rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]["DBInstanceStatus"])
