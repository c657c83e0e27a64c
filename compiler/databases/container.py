"""The database as a container: one Fargate task of the official image, found by a private name, its files on EFS."""

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

from compiler.airflow.connection import DATABASE_HOST, DATABASE_NAME, secret_part
from compiler.airflow.containers import NON_BLOCKING, log_configuration, volume
from compiler.airflow.roles import add_role
from compiler.airflow.service_discovery import add_name
from compiler.contract import DATABASE
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state
from compiler.resources.fargate import capacity, fargate_task, public_network
from compiler.resources.policies import mount, open_shell
from spec.environment import Environment
from spec.sections.database import Container

USER = "999"
"""Number of user and group that the official images of both engines run their servers as."""

CHECK_SECONDS = 5
CHECKS_TO_CONDEMN = 6
START_SECONDS = 300  # a new database is prepared on the file system, at its pace
STOP_SECONDS = 60


def add_database_container(env: Environment, stack: StackBuilder, database: Container) -> None:
    """Draw the service, the name under which others find it and, where its data is to outlive it, their place."""
    statements = [open_shell()]
    mounts: dict[str, Any] = {}
    volumes: list[Volume] = []
    if database.persistent:
        door = _add_access_point(env, stack, database)
        statements.append(mount(stack.parameter(values.FILE_SYSTEM), [door.ref()], write=True))
        mounts["MountPoints"] = [MountPoint(SourceVolume=DATABASE, ContainerPath=database.facts.data, ReadOnly=False)]
        volumes.append(volume(stack, DATABASE, door.ref()))
        stack.output(values.DATABASE_ACCESS_POINT, door.ref())
    role = add_role(
        stack, "DatabaseRole", "What the database may do in AWS: reach its files, open a shell", *statements
    )
    roles = {"ExecutionRoleArn": stack.parameter(values.EXECUTION_ROLE), "TaskRoleArn": role}
    definition = fargate_task(
        env, "DatabaseTaskDefinition", database, _container(stack, database, mounts), volumes, **roles
    )
    stack.add(definition, "How the database runs")
    name = add_name(
        stack,
        "DatabaseRegistry",
        DATABASE_HOST,
        stack.parameter(values.NAMESPACE),
        "The name under which Airflow finds it",
    )
    service = stack.add(_service(env, stack, definition, name), "Keeps the database running, once at a time")
    stack.output(values.service_of(DATABASE), GetAtt(service, "Name"))


def _add_access_point(env: Environment, stack: StackBuilder, database: Container) -> AccessPoint:
    # Another engine or version could not read the files: it gets a directory, and with it a door, of its own.
    directory = f"/{DATABASE}-{database.engine}-{database.version}"
    return stack.add(
        AccessPoint(
            values.DATABASE_ACCESS_POINT.title,
            FileSystemId=stack.parameter(values.FILE_SYSTEM),
            PosixUser=PosixUser(Uid=USER, Gid=USER),
            RootDirectory=RootDirectory(
                Path=directory, CreationInfo=CreationInfo(OwnerUid=USER, OwnerGid=USER, Permissions="0700")
            ),
            AccessPointTags=Tags(Name=f"{env.name}-{DATABASE}"),
            **state(protect=env.protect),
        ),
        f"Door to {directory} of the file system",
    )


def _container(stack: StackBuilder, database: Container, mounts: dict[str, Any]) -> ContainerDefinition:
    engine = database.facts
    variables = {**engine.variables, engine.name_variable: DATABASE_NAME}
    return ContainerDefinition(
        Name=DATABASE,
        Image=engine.reference(database.version),
        Essential=True,
        User=f"{USER}:{USER}",  # as root it would change the owner of its files, which the file system refuses
        Command=[*engine.arguments, *(() if database.persistent else engine.volatile)],
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
    )


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
        NetworkConfiguration=public_network(stack, values.security_group_of(DATABASE)),
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
