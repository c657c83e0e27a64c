"""The database as a container: one Fargate task of the official image, with a private name and its files on EFS."""

from collections.abc import Iterator, Mapping
from typing import Any

from troposphere import GetAtt, Tags
from troposphere.ecs import (
    ContainerDefinition,
    DeploymentCircuitBreaker,
    DeploymentConfiguration,
    HealthCheck,
    LinuxParameters,
    MountPoint,
    PortMapping,
    Secret,
    Service,
    ServiceRegistry,
    TaskDefinition,
    Volume,
)
from troposphere.ecs import Environment as Variable
from troposphere.efs import AccessPoint, CreationInfo, PosixUser, RootDirectory

from compiler.contract import DATABASE, DATABASE_NAME, DB_HOST, DB_NAME, DB_PORT
from compiler.databases.server_tls import client_options, client_variables, makes_certificate, server_arguments
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET, Connection
from compiler.model.kind import OfSection
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder, state
from compiler.placements.task_network import task_network
from compiler.resources.containers import NON_BLOCKING, log_configuration, secret_part, volume
from compiler.resources.credentials import add_database_credentials, generated_login
from compiler.resources.fargate import FargateTask, capacity, capacity_label, fargate_task
from compiler.resources.permissions import mount, open_shell
from compiler.resources.processes import AWS_OVER_HTTPS, FILE_SYSTEM_PORT, HTTPS, METADATA
from compiler.resources.roles import add_task_role
from compiler.resources.service_discovery import add_private_name, private_domain
from spec.environment import Environment
from spec.sections.database import Container

DATABASE_HOST = "database"
"""The first label of its private name."""

USER = "999"
"""Number of user and group that the official images of both engines run their servers as."""

CHECK_SECONDS = 5
CHECKS_TO_CONDEMN = 6
START_SECONDS = 300  # a new database is prepared on the file system, at its pace
STOP_SECONDS = 60
LOCK_SECONDS = 180  # a file system forgets the lock of a machine that died later than ECS replaces its task

# The lock ends with the last process of the server that inherits it. It is one on the file system: in the protocol of
# EFS a lock of flock is a lock on the whole file, which every client sees.
LOCK_SCRIPT = """\
exec 9>>%s/lock
if ! flock --nonblock 9; then
  echo "Another database server still has these files. Waiting for its end." >&2
  flock --wait "$LOCK_SECONDS" 9 || {
    echo "Another database server still has these files. This one ends; stop the task of the other." >&2
    exit 1
  }
fi
"""
"""Waits until no other server has the files."""

ENTRY_SCRIPT = """\
set -e
%s\
exec docker-entrypoint.sh "$@"
"""
"""Does that, and becomes the entry point of the image."""


class ContainerDatabase(OfSection[Container]):
    """A database server in a Fargate task."""

    needs_isolated_subnets = False  # its image comes from the internet
    needs_private_name = True
    copied = ()
    services = (DATABASE,)
    stands_inside = True
    own_secrets = (values.DATABASE_CREDENTIALS,)

    @property
    def needs_steady_throughput(self) -> bool:
        """Whether it writes to the file system all day long."""
        return self.section.persistent

    def build(self, stack: StackBuilder) -> None:
        """Add the service, its private name and, where its data outlives the task, its access point."""
        volumes: list[Volume] = []
        if self.section.persistent:
            access_point = stack.add(_access_point(self.env, stack, self.section), _directory_of(self.section))
            volumes.append(volume(stack, DATABASE, access_point.ref()))
            stack.output(values.DATABASE_ACCESS_POINT, access_point.ref())
        description = "What the database may do in AWS: reach its files, open a shell"
        role = add_task_role(stack, "DatabaseRole", description, self.permissions())
        definition = fargate_task(
            self.env,
            FargateTask(
                logical_id="DatabaseTaskDefinition",
                size=self.section,
                container=_container(self.env, stack, self.section),
                volumes=volumes,
                execution_role=stack.parameter(values.EXECUTION_ROLE),
                task_role=role,
            ),
        )
        stack.add(definition, "Task definition of the database")
        self._add_service(stack, definition)

    def variables(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return its private name: the database needs the cluster, whose one-off tasks need the database's address."""
        host = f"{DATABASE_HOST}.{private_domain(self.env)}"
        where = {DB_HOST: host, DB_PORT: str(self.section.facts.port), DB_NAME: DATABASE_NAME}
        return where | client_variables(self.section)

    @property
    def tls_options(self) -> tuple[str, ...]:
        """The mode and, where the server proves itself, the demand for that."""
        return client_options(self.section)

    def secrets(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return user and password, as ECS takes them out of their secret."""
        return generated_login(stack)

    def copy_permissions(self) -> Iterator[Permission]:
        """Yield nothing: AWS Backup copies nothing of it but files."""
        return iter(())

    def add_credentials(self, stack: StackBuilder) -> None:
        """Add a generated secret."""
        add_database_credentials(self.env, stack)

    def connections_from(self, client: str) -> Iterator[Connection]:
        """Yield the connection that a client of the database opens."""
        yield Connection(source=client, target=DATABASE, port=self.section.facts.port, why=METADATA)

    def connections(self) -> Iterator[Connection]:
        """Yield what Fargate does for an instance by itself: get its image, write its files and its log lines."""
        yield Connection(source=DATABASE, target=INTERNET, port=HTTPS, why=AWS_OVER_HTTPS)
        if self.section.persistent:
            yield Connection(
                source=DATABASE,
                target="file_system",
                port=FILE_SYSTEM_PORT,
                why="the files of the database",
            )

    def permissions(self) -> Iterator[Permission]:
        """Yield the right to open a shell, and to write its files."""
        yield open_shell(DATABASE)
        if self.section.persistent:
            yield mount(DATABASE, [values.DATABASE_ACCESS_POINT], write=True)

    def on_off(self) -> None:
        """Return nothing: it starts and stops as its service does."""
        return

    def _add_service(self, stack: StackBuilder, definition: TaskDefinition) -> None:
        namespace = stack.parameter(values.NAMESPACE)
        registry = add_private_name(
            stack, "DatabaseRegistry", DATABASE_HOST, namespace, "Private DNS name of the database"
        )
        service = stack.add(
            _service(self.env, stack, definition, registry), "Service of the database, one task at most"
        )
        stack.output(values.service_of(DATABASE), GetAtt(service, "Name"))


def _directory_of(database: Container) -> str:
    return f"Access point of /{_directory(database)}"


def _directory(database: Container) -> str:
    # Another engine or version could not read the files: it gets a directory, and an access point, of its own.
    return f"{DATABASE}-{database.engine}-{database.version}"


def _access_point(env: Environment, stack: StackBuilder, database: Container) -> AccessPoint:
    creation = CreationInfo(OwnerUid=USER, OwnerGid=USER, Permissions="0700")
    return AccessPoint(
        values.DATABASE_ACCESS_POINT.title,
        FileSystemId=stack.parameter(values.FILE_SYSTEM),
        PosixUser=PosixUser(Uid=USER, Gid=USER),
        RootDirectory=RootDirectory(Path=f"/{_directory(database)}", CreationInfo=creation),
        AccessPointTags=Tags(Name=f"{env.name}-{DATABASE}"),
        **state(protect=env.protect),
    )


def _container(env: Environment, stack: StackBuilder, database: Container) -> ContainerDefinition:
    engine = database.facts
    locked = database.persistent and not engine.locks_files
    waiting = {"LOCK_SECONDS": str(LOCK_SECONDS)} if locked else {}
    variables = {**engine.variables, engine.name_variable: DATABASE_NAME, **waiting}
    files = MountPoint(SourceVolume=DATABASE, ContainerPath=engine.data, ReadOnly=False)
    mounts: dict[str, Any] = {"MountPoints": [files]} if database.persistent else {}
    return ContainerDefinition(
        Name=DATABASE,
        Image=stack.parameter(values.DATABASE_IMAGE),
        Essential=True,
        User=f"{USER}:{USER}",  # as root it would change the owner of its files, which the file system refuses
        **_start(database, locked=locked),
        Environment=[Variable(Name=key, Value=value) for key, value in variables.items()],
        Secrets=[
            Secret(Name=key, ValueFrom=secret_part(stack, values.DATABASE_CREDENTIALS, part))
            for key, part in engine.secrets.items()
        ],
        **mounts,
        PortMappings=[PortMapping(ContainerPort=engine.port)],
        HealthCheck=_health_check(engine.probe),
        LinuxParameters=LinuxParameters(InitProcessEnabled=True),
        LogConfiguration=log_configuration(stack, DATABASE, NON_BLOCKING),
        StopTimeout=STOP_SECONDS,
        **capacity_label(env),
    )


def _start(database: Container, *, locked: bool) -> dict[str, Any]:
    """Return how the server starts: its arguments, and what the shell does before."""
    engine = database.facts
    before = makes_certificate(database) + (LOCK_SCRIPT % engine.data if locked else "")
    entry = {"EntryPoint": ["bash", "-c", ENTRY_SCRIPT % before, DATABASE]} if before else {}
    volatile = () if database.persistent else engine.volatile
    return {**entry, "Command": [*engine.arguments, *server_arguments(database), *volatile]}


def _health_check(probe: str) -> HealthCheck:
    return HealthCheck(
        Command=["CMD-SHELL", probe],
        Interval=CHECK_SECONDS,
        Timeout=CHECK_SECONDS,
        Retries=CHECKS_TO_CONDEMN,
        StartPeriod=START_SECONDS,
    )


def _service(env: Environment, stack: StackBuilder, definition: TaskDefinition, registry: GetAtt) -> Service:
    return Service(
        "DatabaseService",
        Cluster=stack.parameter(values.CLUSTER),
        TaskDefinition=definition.ref(),
        DesiredCount=1,
        CapacityProviderStrategy=capacity(env),
        PlatformVersion="LATEST",
        NetworkConfiguration=task_network(env, stack, values.security_group_of(DATABASE)),
        ServiceRegistries=[ServiceRegistry(RegistryArn=registry)],
        # Two servers on the same files would ruin them: the old one stops before the new one starts.
        DeploymentConfiguration=DeploymentConfiguration(
            MinimumHealthyPercent=0,
            MaximumPercent=100,
            DeploymentCircuitBreaker=DeploymentCircuitBreaker(Enable=True, Rollback=False),
        ),
        AvailabilityZoneRebalancing="DISABLED",  # it would start the second before it stops the first
        EnableExecuteCommand=True,
        EnableECSManagedTags=True,
        PropagateTags="SERVICE",
    )
