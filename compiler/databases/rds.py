"""The database as an RDS instance: PostgreSQL that AWS backs up and patches, and only Airflow reaches."""

from typing import Any

from troposphere import GetAtt, Sub
from troposphere.rds import DBInstance, DBParameterGroup, DBSubnetGroup

from compiler.airflow.connection import DATABASE_NAME
from compiler.contract import DATABASE
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.sections.database import Rds


def add_database_instance(env: Environment, stack: StackBuilder, database: Rds) -> None:
    """Draw the instance, where it may stand and how it is set."""
    subnets = stack.add(
        DBSubnetGroup(
            "SubnetGroup",
            DBSubnetGroupDescription=f"{env.name}: subnets without a route to the internet",
            SubnetIds=stack.parameters(values.DATABASE_SUBNETS),
        ),
        "Where the database may stand",
    )
    parameters = stack.add(
        DBParameterGroup(
            "ParameterGroup",
            Description=f"{env.name}: settings of the metadata database",
            Family=f"{database.engine}{database.version}",
            Parameters={"rds.force_ssl": "1"},
        ),
        "Settings of the database: connections without TLS are refused",
    )
    instance = _instance(stack, database, subnets, parameters, protect=env.protect)
    stack.add(instance, "The metadata database")
    stack.output(values.DATABASE_INSTANCE, instance.ref())
    stack.output(values.DATABASE_HOST, GetAtt(instance, "Endpoint.Address"))
    stack.output(values.DATABASE_PORT, GetAtt(instance, "Endpoint.Port"))


def _instance(
    stack: StackBuilder, database: Rds, subnets: DBSubnetGroup, parameters: DBParameterGroup, *, protect: bool
) -> DBInstance:
    return DBInstance(
        "Instance",
        Engine=database.engine,
        EngineVersion=database.version,
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",  # the other choice is billed per vCPU hour
        AutoMinorVersionUpgrade=True,
        DBInstanceClass=database.instance,
        MultiAZ=database.multi_az,
        StorageType="gp3",
        AllocatedStorage=str(database.storage_gb),
        **_growth(database.max_storage_gb),
        StorageEncrypted=True,
        DBName=DATABASE_NAME,
        Port=str(database.facts.port),
        MasterUsername=_secret(stack, "username"),
        MasterUserPassword=_secret(stack, "password"),
        EnableIAMDatabaseAuthentication=True,  # a further way in, for people; Airflow uses the password
        DBSubnetGroupName=subnets.ref(),
        VPCSecurityGroups=[stack.parameter(values.security_group_of(DATABASE))],
        PubliclyAccessible=False,
        DBParameterGroupName=parameters.ref(),
        BackupRetentionPeriod=database.backup_days,
        CopyTagsToSnapshot=True,
        **_protection(protect=protect),
    )


def _secret(stack: StackBuilder, key: str) -> Sub:
    stack.parameter(values.DATABASE_CREDENTIALS)
    return Sub(f"{{{{resolve:secretsmanager:${{{values.DATABASE_CREDENTIALS.title}}}:SecretString:{key}}}}}")


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
