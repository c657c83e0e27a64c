"""The database as an RDS instance: PostgreSQL that AWS backs up and patches, and only Airflow reaches."""

from collections.abc import Iterator, Mapping
from typing import Any

from troposphere import GetAtt, Sub
from troposphere.rds import DBInstance, DBParameterGroup, DBSubnetGroup

from compiler.authorities import DB_AUTHORITIES, authorities_file
from compiler.contract import (
    DATABASE,
    DATABASE_NAME,
    DB_HOST,
    DB_NAME,
    DB_PORT,
    DB_TLS,
)
from compiler.databases.copies import INSTANCE, copy_permissions
from compiler.databases.monitoring import add_monitoring
from compiler.model import stack_values as values
from compiler.model.connection import Connection
from compiler.model.kind import OfSection
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.credentials import add_database_credentials, generated_login
from compiler.resources.encryption import encrypted
from compiler.resources.permissions import monitoring_permissions
from compiler.resources.policies import HERE
from compiler.resources.processes import METADATA
from compiler.resources.schedules import SCHEDULE, OnOff, ScheduledCall
from spec.sections.database import Rds

KMS_KEY = "KMSKeyId"
FREE_INSIGHTS_DAYS = 7
GIVES_SILENCE_UP = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_user_timeout": "30000"}
"""When an instance gives up a client that does not answer, in seconds and, the last, in milliseconds. Without it a
scheduler that is gone keeps the rows that it has locked, and with them its DAG runs, for a quarter of an hour. Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.DeadConnectionHandling.html"""


class RdsDatabase(OfSection[Rds]):
    """An RDS instance in subnets that need no route to the internet."""

    needs_isolated_subnets = True
    needs_private_name = False
    needs_steady_throughput = False
    copied = (INSTANCE,)
    services = ()
    stands_inside = True
    own_secrets = (values.DATABASE_CREDENTIALS,)

    def build(self, stack: StackBuilder) -> None:
        """Add the instance, its subnets and its settings."""
        subnets = stack.add(
            DBSubnetGroup(
                "SubnetGroup",
                DBSubnetGroupDescription=f"{self.env.name}: {self._subnets_words}",
                SubnetIds=[*map(stack.known, placement_of(self.env).database_subnets)],
            ),
            "Subnets in which the database may stand",
        )
        watched = add_monitoring(stack, self.section.monitoring_seconds)
        if former := self.section.former_instance:
            # A change of the stack could not delete it under protection; its final snapshot stays all the same.
            unprotected = {"DeletionProtection": False} if self.env.protect else {}
            self._add_instance(stack, subnets, former, "The former metadata database", watched | unprotected)
        instance = self._add_instance(stack, subnets, self.section, "The metadata database", watched)
        stack.output(values.DATABASE_INSTANCE, instance.ref())
        stack.output(values.DATABASE_HOST, GetAtt(instance, "Endpoint.Address"))
        stack.output(values.DATABASE_PORT, GetAtt(instance, "Endpoint.Port"))

    def _add_instance(
        self, stack: StackBuilder, subnets: DBSubnetGroup, database: Rds, description: str, more: dict[str, Any]
    ) -> DBInstance:
        """Add an instance and its settings; every generation has names of its own, so that they stand side by side."""
        number = "" if database.generation == 1 else str(database.generation)
        parameters = stack.add(
            DBParameterGroup(
                f"ParameterGroup{number}",
                Description=f"{self.env.name}: settings of the metadata database",
                Family=f"{database.engine}{database.version}",
                Parameters={"rds.force_ssl": "1", **GIVES_SILENCE_UP},
            ),
            "Settings of the database: connections without TLS are refused, and silent clients given up",
        )
        key = encrypted(self.env, stack, "database")
        properties = _properties(stack, database, subnets, parameters, key) | _protection(protect=self.env.protect)
        validation = not database.is_restored  # troposphere knows no moment of backups; the linter judges both
        return stack.add(DBInstance(f"Instance{number}", validation=validation, **{**properties, **more}), description)

    @property
    def _subnets_words(self) -> str:
        return "subnets of the VPC" if self.env.network.given else "subnets without a route to the internet"

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return its endpoint, and how Airflow connects by TLS."""
        return {
            DB_HOST: stack.parameter(values.DATABASE_HOST),
            DB_PORT: stack.parameter(values.DATABASE_PORT),
            DB_NAME: DATABASE_NAME,
            **self._tls,
        }

    @property
    def tls_options(self) -> tuple[str, ...]:
        """The mode and, where the server is verified, the authorities of the region: options of libpq.

        Source: "SSL Support", https://www.postgresql.org/docs/16/libpq-ssl.html
        """
        names = {DB_TLS: "sslmode", DB_AUTHORITIES: "sslrootcert"}
        return tuple(f"{names[variable]}={value}" for variable, value in self._tls.items())

    @property
    def _tls(self) -> Mapping[str, str]:
        if self.section.tls == "require":
            return {DB_TLS: "require"}
        return {DB_TLS: "verify-full", DB_AUTHORITIES: authorities_file("rds", self.env.aws.region)}

    def secrets(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return user and password, as ECS takes them out of their secret."""
        return generated_login(stack)

    def add_credentials(self, stack: StackBuilder) -> None:
        """Add a generated secret."""
        add_database_credentials(self.env, stack)

    def connections_from(self, client: str) -> Iterator[Connection]:
        """Yield the connection that a client of the database opens."""
        yield Connection(source=client, target=DATABASE, port=self.section.facts.port, why=METADATA)

    def connections(self) -> Iterator[Connection]:
        """Yield nothing: an instance opens no connections."""
        return iter(())

    def permissions(self) -> Iterator[Permission]:
        """Yield what RDS may do to write what it measures, if it is to; an instance has no role of its own."""
        return monitoring_permissions() if self.section.monitoring_seconds else iter(())

    def copy_permissions(self) -> Iterator[Permission]:
        """Yield what AWS Backup does to the instance and to its own snapshots."""
        return copy_permissions()

    def on_off(self) -> OnOff:
        """Return the calls that start and stop the instance."""
        instance = values.DATABASE_INSTANCE.title
        permission = Permission(
            source=SCHEDULE,
            sid="StartAndStopDatabase",
            actions=("rds:StartDBInstance", "rds:StopDBInstance"),
            resources=(f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{instance}}}",),
            why="the database runs in office hours",
        )
        # The SDK in which the scheduler makes calls spells the parameter so; the API itself has DBInstanceIdentifier.
        request = f'{{"DbInstanceIdentifier":"${{{instance}}}"}}'
        return OnOff(
            permission=permission,
            on=ScheduledCall(
                logical_id="DatabaseStarts",
                name="database-on",
                description="Starts before the services: database",
                call="rds:startDBInstance",
                request=request,
            ),
            off=ScheduledCall(
                logical_id="DatabaseStops",
                name="database-off",
                description="Stops after the services: database",
                call="rds:stopDBInstance",
                request=request,
            ),
        )


def _properties(
    stack: StackBuilder,
    database: Rds,
    subnets: DBSubnetGroup,
    parameters: DBParameterGroup,
    key: Mapping[str, Any],
) -> dict[str, Any]:
    return dict(
        Engine=database.engine,
        EngineVersion=database.version,
        **_newer(database),
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",  # the other choice is billed per vCPU hour
        AutoMinorVersionUpgrade=True,
        DBInstanceClass=database.instance,
        MultiAZ=database.multi_az,
        StorageType="gp3",
        AllocatedStorage=str(database.storage_gb),
        **_growth(database.max_storage_gb),
        **_unless_restored(database, StorageEncrypted=True, DBName=DATABASE_NAME, **key),
        Port=str(database.facts.port),
        **_unless_restored(database, MasterUsername=_secret(stack, "username")),
        MasterUserPassword=_secret(stack, "password"),
        EnableIAMDatabaseAuthentication=True,  # a further way in, for people; Airflow uses the password
        DBSubnetGroupName=subnets.ref(),
        VPCSecurityGroups=[stack.parameter(values.security_group_of(DATABASE))],
        PubliclyAccessible=False,
        DBParameterGroupName=parameters.ref(),
        BackupRetentionPeriod=database.backup_days,
        CopyTagsToSnapshot=True,
        **_windows(database),
        **_insights(database, key),
        **_origin(database),
    )


def _newer(database: Rds) -> dict[str, Any]:
    return {"AllowMajorVersionUpgrade": True} if database.allow_major_version_upgrade else {}


def _unless_restored(database: Rds, **properties: Any) -> dict[str, Any]:
    """Return properties of an empty instance: a snapshot or backups bring them, and CloudFormation takes no other.

    Source: DBSnapshotIdentifier, StorageEncrypted, MasterUsername, AWS CloudFormation Template Reference,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
    """
    return {} if database.is_restored else properties


def _windows(database: Rds) -> dict[str, str]:
    windows = {
        "PreferredBackupWindow": database.backup_window,
        "PreferredMaintenanceWindow": database.maintenance_window,
    }
    return {name: window for name, window in windows.items() if window}


def _insights(database: Rds, key: Mapping[str, Any]) -> dict[str, Any]:
    if not database.insights:
        return {}
    own = {f"PerformanceInsights{KMS_KEY}": value for value in key.values()}
    return {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": FREE_INSIGHTS_DAYS, **own}


def _origin(database: Rds) -> dict[str, Any]:
    """Return what an instance begins with; CloudFormation sets the password once the instance is there.

    The source of backups is no SourceDBInstanceIdentifier: an instance that loses that property counts as a replica
    that is promoted. Source: SourceDBInstanceIdentifier, AWS CloudFormation Template Reference (see above).
    """
    source = database.restore_from
    if source is None or not source.kept_by_aws:
        return {}
    if source.snapshot:
        return {"DBSnapshotIdentifier": source.snapshot}
    return {"SourceDbiResourceId": source.instance, "RestoreTime": source.time}


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
