"""Where Airflow keeps its metadata: one PostgreSQL instance that only Airflow reaches."""

from typing import Any

from troposphere import GetAtt, Sub
from troposphere.rds import DBInstance, DBParameterGroup, DBSubnetGroup

from compiler.containers import DATABASE_NAME
from compiler.processes import DATABASE_PORT
from compiler.stack import Sheet
from compiler.wires import Wire
from spec.environment import Environment

DESCRIPTION = "The metadata database"
TIMEOUT_MINUTES = 60
NEEDS = frozenset({Wire.DATABASE_SUBNETS, Wire.DATABASE_SECURITY_GROUP, Wire.DATABASE_CREDENTIALS})
GIVES = frozenset({Wire.DATABASE_INSTANCE, Wire.DATABASE_HOST, Wire.DATABASE_PORT})


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the database of an environment."""
    subnets = sheet.draw(
        DBSubnetGroup(
            "SubnetGroup",
            DBSubnetGroupDescription=f"{env.name}: subnets without a route to the internet",
            SubnetIds=sheet.wire_list(Wire.DATABASE_SUBNETS),
        ),
        "Where the database may stand",
    )
    parameters = sheet.draw(
        DBParameterGroup(
            "ParameterGroup",
            Description=f"{env.name}: settings of the metadata database",
            Family=f"{env.database.engine}{env.database.version}",
            Parameters={"rds.force_ssl": "1"},
        ),
        "Settings of the database: connections without TLS are refused",
    )
    database = sheet.draw(_instance(env, sheet, subnets, parameters), "The metadata database")
    sheet.give(Wire.DATABASE_INSTANCE, database.ref())
    sheet.give(Wire.DATABASE_HOST, GetAtt(database, "Endpoint.Address"))
    sheet.give(Wire.DATABASE_PORT, GetAtt(database, "Endpoint.Port"))


def _instance(env: Environment, sheet: Sheet, subnets: DBSubnetGroup, parameters: DBParameterGroup) -> DBInstance:
    return DBInstance(
        "Instance",
        Engine=env.database.engine,
        EngineVersion=env.database.version,
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",  # the other choice is billed per vCPU hour
        AutoMinorVersionUpgrade=True,
        DBInstanceClass=env.database.instance,
        MultiAZ=env.database.multi_az,
        StorageType="gp3",
        AllocatedStorage=str(env.database.storage_gb),
        **_growth(env.database.max_storage_gb),
        StorageEncrypted=True,
        DBName=DATABASE_NAME,
        Port=str(DATABASE_PORT),
        MasterUsername=_secret(sheet, "username"),
        MasterUserPassword=_secret(sheet, "password"),
        EnableIAMDatabaseAuthentication=True,  # a further way in, for people; Airflow uses the password
        DBSubnetGroupName=subnets.ref(),
        VPCSecurityGroups=[sheet.wire(Wire.DATABASE_SECURITY_GROUP)],
        PubliclyAccessible=False,
        DBParameterGroupName=parameters.ref(),
        BackupRetentionPeriod=env.database.backup_days,
        CopyTagsToSnapshot=True,
        **_protection(protect=env.protect),
    )


def _secret(sheet: Sheet, key: str) -> Sub:
    sheet.wire(Wire.DATABASE_CREDENTIALS)
    return Sub(f"{{{{resolve:secretsmanager:${{{Wire.DATABASE_CREDENTIALS.title}}}:SecretString:{key}}}}}")


def _growth(most: int | None) -> dict[str, Any]:
    return {"MaxAllocatedStorage": most} if most else {}


def _protection(*, protect: bool) -> dict[str, Any]:
    if not protect:
        return {
            "DeleteAutomatedBackups": True,
            "DeletionProtection": False,
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
        }
    return {
        "DeleteAutomatedBackups": False,
        "DeletionProtection": True,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
        "DeletionPolicy": "Snapshot",
        "UpdateReplacePolicy": "Snapshot",
    }
