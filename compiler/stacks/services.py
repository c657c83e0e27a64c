"""What runs all day: a task definition and a service for each Airflow process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from troposphere import GetAtt
from troposphere.ecs import (
    DeploymentCircuitBreaker,
    DeploymentConfiguration,
    HealthCheck,
    LoadBalancer,
    PortMapping,
    Service,
    ServiceRegistry,
    TaskDefinition,
)

from compiler.airflow.containers import (
    ACCESS_POINTS,
    AIRFLOW_NEEDS,
    NEVER_WAIT,
    airflow_container,
    login_container,
    volumes,
)
from compiler.airflow.roles import task_role
from compiler.airflow.site import PREFIX
from compiler.airflow.workers import executor_options
from compiler.contract import AIRFLOW, SCHEDULER, WEB, PerProcess, port, title, words
from compiler.model.stack import Sheet
from compiler.model.stack_values import PUBLIC_SUBNETS, Wire
from compiler.resources.fargate import capacity, fargate_task, public_network
from compiler.resources.processes import logs_port
from spec.environment import Environment
from spec.releases.processes import Process

DESCRIPTION = "The Airflow processes, one service each"
TIMEOUT_MINUTES = 60
NEEDS = (
    AIRFLOW_NEEDS
    | {Wire.CLUSTER, Wire.EXECUTION_ROLE, Wire.TASK_ROLE, Wire.READER_ROLE, Wire.API_REGISTRY}
    | {*PUBLIC_SUBNETS, Wire.TARGET_GROUP, Wire.WORKER_SECURITY_GROUP, Wire.SCHEDULER_ROLE, Wire.OAUTH_VERSION}
    | Wire.of_processes("SecurityGroup")
    | Wire.of_processes(PerProcess.LOG_GROUP)
    | Wire.every(PerProcess.COUNT)
)
GIVES = Wire.of_processes(PerProcess.SERVICE)

STOP_SECONDS = 30
STOP_SECONDS_WITH_TASKS = 120  # the most that Fargate grants
CHECK_SECONDS = 5  # the shortest that ECS takes: a container counts as healthy soon after it is
CHECK_TIMEOUT_SECONDS = 30
CHECKS_TO_CONDEMN = 10  # a busy process may miss some; a dead one is replaced within minutes


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the services of an environment."""
    for process in env.processes:
        definition = sheet.draw(_task_definition(env, sheet, process), f"How a container runs: {words(process.name)}")
        service = sheet.draw(_service(env, sheet, process, definition), f"Keeps running: {words(process.name)}")
        sheet.give(Wire.named(PerProcess.SERVICE.of(process.name)), GetAtt(service, "Name"))


def _task_definition(env: Environment, sheet: Sheet, process: Process) -> TaskDefinition:
    web = _web(env, sheet) if process.name == WEB else _Web()
    container = airflow_container(
        env,
        sheet,
        process.name,
        f"{process.command} {web.arguments}".rstrip(),
        NEVER_WAIT,
        variables={**_variables(process), **executor_options(env, sheet), **web.variables},
        secrets=web.secrets,
        read_only_logs=not process.writes_logs,
        PortMappings=[PortMapping(ContainerPort=number) for number in _ports(process)],
        HealthCheck=_health_check(process),
        StopTimeout=STOP_SECONDS_WITH_TASKS if _ends_with_tasks(env, process) else STOP_SECONDS,
    )
    return fargate_task(
        env,
        f"{title(process.name)}TaskDefinition",
        env.size(process),
        container,
        volumes(sheet, ACCESS_POINTS),
        ExecutionRoleArn=sheet.wire(Wire.EXECUTION_ROLE),
        TaskRoleArn=sheet.wire(task_role(env, process)),
    )


def _ends_with_tasks(env: Environment, process: Process) -> bool:
    """Whether tasks end with the process: those that run in it, and workers that the next one would not adopt."""
    ecs = env.airflow.release.ecs
    orphans = env.on_ecs and process.name == SCHEDULER and not (ecs and ecs.adopts)
    return process.runs_tasks or orphans


@dataclass(frozen=True)
class _Web:
    """What the web server's container has besides."""

    arguments: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)


def _web(env: Environment, sheet: Sheet) -> _Web:
    served, login = env.airflow.release.web, login_container(env, sheet)
    # A new client is a new version: it replaces the web server, which reads the client at its start.
    version = {f"{PREFIX}CLIENT_VERSION": sheet.wire(Wire.OAUTH_VERSION)} if login["secrets"] else {}
    tls = served.https_environment if env.web.domain else {}
    arguments = served.https_arguments if env.web.domain else ""
    return _Web(arguments, {**tls, **login["variables"], **version}, login["secrets"])


def _variables(process: Process) -> dict[str, str]:
    # By default the image's init stops every running task with the scheduler; now only the scheduler hears of it.
    setsid = {"DUMB_INIT_SETSID": "0"} if process.runs_tasks else {}
    return {**setsid, **process.environment}


def _ports(process: Process) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for number in (process.port, logs_port(process)) if number is not None))


def _health_check(process: Process) -> HealthCheck:
    return HealthCheck(
        Command=["CMD-SHELL", process.health],
        Interval=CHECK_SECONDS,
        Timeout=CHECK_TIMEOUT_SECONDS,
        Retries=CHECKS_TO_CONDEMN,
        StartPeriod=process.start_period,
    )


def _service(env: Environment, sheet: Sheet, process: Process, definition: TaskDefinition) -> Service:
    name = title(process.name)
    return Service(
        f"{name}Service",
        Cluster=sheet.wire(Wire.CLUSTER),
        TaskDefinition=definition.ref(),
        DesiredCount=sheet.wire(Wire.named(PerProcess.COUNT.of(process.name))),
        CapacityProviderStrategy=capacity(env),
        PlatformVersion="LATEST",
        NetworkConfiguration=public_network(sheet, Wire.named(f"{name}SecurityGroup")),
        **(_reached(env, sheet, process) if process.name == WEB else {}),
        HealthCheckGracePeriodSeconds=process.start_period,
        DeploymentConfiguration=_deployment(replaces_first=process.name == WEB),
        AvailabilityZoneRebalancing="ENABLED" if process.name == WEB else "DISABLED",
        EnableExecuteCommand=True,
        EnableECSManagedTags=True,
        PropagateTags="SERVICE",
    )


def _reached(env: Environment, sheet: Sheet, process: Process) -> dict[str, Any]:
    reached: dict[str, Any] = {}
    if env.web.load_balancer != "none":
        target = sheet.wire(Wire.TARGET_GROUP)
        balancer = LoadBalancer(ContainerName=AIRFLOW, ContainerPort=port(process), TargetGroupArn=target)
        reached["LoadBalancers"] = [balancer]
    if env.airflow.release.execution_api:
        reached["ServiceRegistries"] = [ServiceRegistry(RegistryArn=sheet.wire(Wire.API_REGISTRY))]
    return reached


def _deployment(*, replaces_first: bool) -> DeploymentConfiguration:
    # Two schedulers would share one set of tasks, two DAG processors double the work: these stop before they start.
    # Going back to an older image is not ECS's to decide: it cannot start once the database has been migrated.
    return DeploymentConfiguration(
        MinimumHealthyPercent=100 if replaces_first else 0,
        MaximumPercent=200 if replaces_first else 100,
        DeploymentCircuitBreaker=DeploymentCircuitBreaker(Enable=True, Rollback=False),
    )
