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
    AIRFLOW_INPUTS,
    NON_BLOCKING,
    airflow_container,
    login_container,
    volumes,
)
from compiler.airflow.roles import task_role
from compiler.airflow.site import PREFIX
from compiler.airflow.workers import executor_options
from compiler.contract import AIRFLOW, SCHEDULER, WEB, WORKER, port, title, words
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.fargate import capacity, fargate_task, public_network
from compiler.resources.processes import logs_port
from spec.environment import Environment
from spec.releases.processes import Process

DESCRIPTION = "The Airflow processes, one service each"
TIMEOUT_MINUTES = 60
INPUTS = (
    AIRFLOW_INPUTS
    | {values.CLUSTER, values.EXECUTION_ROLE, values.TASK_ROLE, values.READER_ROLE, values.API_REGISTRY}
    | {
        *values.PUBLIC_SUBNETS,
        values.TARGET_GROUP,
        values.security_group_of(WORKER),
        values.SCHEDULER_ROLE,
        values.OAUTH_VERSION,
    }
    | frozenset(values.PROCESS_SECURITY_GROUPS)
    | frozenset(values.PROCESS_LOG_GROUPS)
    | frozenset(values.COUNTS)
)
OUTPUTS = frozenset(values.SERVICES)

STOP_SECONDS = 30
STOP_SECONDS_WITH_TASKS = 120  # the most that Fargate grants
CHECK_SECONDS = 5  # the shortest that ECS takes: a container counts as healthy soon after it is
CHECK_TIMEOUT_SECONDS = 30
CHECKS_TO_CONDEMN = 10  # a busy process may miss some; a dead one is replaced within minutes


def build(env: Environment, stack: StackBuilder) -> None:
    """Draw the services of an environment."""
    for process in env.processes:
        definition = stack.add(_task_definition(env, stack, process), f"How a container runs: {words(process.name)}")
        service = stack.add(_service(env, stack, process, definition), f"Keeps running: {words(process.name)}")
        stack.output(values.service_of(process.name), GetAtt(service, "Name"))


def _task_definition(env: Environment, stack: StackBuilder, process: Process) -> TaskDefinition:
    web = _web(env, stack) if process.name == WEB else _Web()
    container = airflow_container(
        env,
        stack,
        process.name,
        f"{process.command} {web.arguments}".rstrip(),
        NON_BLOCKING,
        variables={**_variables(process), **executor_options(env, stack), **web.variables},
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
        volumes(stack, ACCESS_POINTS),
        ExecutionRoleArn=stack.parameter(values.EXECUTION_ROLE),
        TaskRoleArn=stack.parameter(task_role(env, process)),
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


def _web(env: Environment, stack: StackBuilder) -> _Web:
    served, login = env.airflow.release.web, login_container(env, stack)
    # A new client is a new version: it replaces the web server, which reads the client at its start.
    version = {f"{PREFIX}CLIENT_VERSION": stack.parameter(values.OAUTH_VERSION)} if login["secrets"] else {}
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


def _service(env: Environment, stack: StackBuilder, process: Process, definition: TaskDefinition) -> Service:
    name = title(process.name)
    return Service(
        f"{name}Service",
        Cluster=stack.parameter(values.CLUSTER),
        TaskDefinition=definition.ref(),
        DesiredCount=stack.parameter(values.count_of(process.name)),
        CapacityProviderStrategy=capacity(env),
        PlatformVersion="LATEST",
        NetworkConfiguration=public_network(stack, values.security_group_of(process.name)),
        **(_reached(env, stack, process) if process.name == WEB else {}),
        HealthCheckGracePeriodSeconds=process.start_period,
        DeploymentConfiguration=_deployment(replaces_first=process.name == WEB),
        AvailabilityZoneRebalancing="ENABLED" if process.name == WEB else "DISABLED",
        EnableExecuteCommand=True,
        EnableECSManagedTags=True,
        PropagateTags="SERVICE",
    )


def _reached(env: Environment, stack: StackBuilder, process: Process) -> dict[str, Any]:
    reached: dict[str, Any] = {}
    if env.web.load_balancer != "none":
        target = stack.parameter(values.TARGET_GROUP)
        balancer = LoadBalancer(ContainerName=AIRFLOW, ContainerPort=port(process), TargetGroupArn=target)
        reached["LoadBalancers"] = [balancer]
    if env.airflow.release.execution_api:
        reached["ServiceRegistries"] = [ServiceRegistry(RegistryArn=stack.parameter(values.API_REGISTRY))]
    return reached


def _deployment(*, replaces_first: bool) -> DeploymentConfiguration:
    # Two schedulers would share one set of tasks, two DAG processors double the work: these stop before they start.
    # Going back to an older image is not ECS's to decide: it cannot start once the database has been migrated.
    return DeploymentConfiguration(
        MinimumHealthyPercent=100 if replaces_first else 0,
        MaximumPercent=200 if replaces_first else 100,
        DeploymentCircuitBreaker=DeploymentCircuitBreaker(Enable=True, Rollback=False),
    )
