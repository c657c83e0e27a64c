"""What runs all day: a task definition and a service for each Airflow process."""

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

from compiler.airflow.alarm import alarm_variables, beside
from compiler.airflow.containers import AIRFLOW_INPUTS, AirflowContainer, airflow_container, volumes
from compiler.contract import AIRFLOW, SECONDS_TO_END_TASKS, WEB, WORKER, port, title, words
from compiler.environment_parts import ends_tasks, process_role, replacement
from compiler.executors.roster import executor_of
from compiler.logins.kind import ContainerSettings
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.task_network import task_network
from compiler.resources.containers import NON_BLOCKING
from compiler.resources.fargate import FargateTask, capacity, capacity_label, fargate_task
from compiler.resources.processes import logs_port
from spec.environment import Environment
from spec.releases.processes import Process

DESCRIPTION = "The Airflow processes, one service each"
TIMEOUT_MINUTES = 60
INPUTS = (
    AIRFLOW_INPUTS
    | {
        values.CLUSTER,
        values.EXECUTION_ROLE,
        values.TASK_ROLE,
        values.READER_ROLE,
        values.API_REGISTRY,
        values.ROOT_STACK,
    }
    | {
        *values.TASK_SUBNETS,
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
CHECK_SECONDS = 5  # the shortest that ECS takes: a container counts as healthy soon after it is
CHECK_TIMEOUT_SECONDS = 30
CHECKS_TO_CONDEMN = 10  # a busy process may miss some; a dead one is replaced within minutes


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the services of an environment."""
    for process in env.processes:
        definition = stack.add(_task_definition(env, stack, process), f"Task definition of the {words(process.name)}")
        service = stack.add(_service(env, stack, process, definition), f"Service of the {words(process.name)}")
        stack.output(values.service_of(process.name), GetAtt(service, "Name"))


def _task_definition(env: Environment, stack: StackBuilder, process: Process) -> TaskDefinition:
    return fargate_task(
        env,
        FargateTask(
            logical_id=f"{title(process.name)}TaskDefinition",
            size=env.size(process),
            container=airflow_container(env, stack, _container(env, stack, process)),
            volumes=volumes(env, stack),
            execution_role=stack.parameter(values.EXECUTION_ROLE),
            task_role=stack.parameter(process_role(env, process)),
        ),
    )


def _container(env: Environment, stack: StackBuilder, process: Process) -> AirflowContainer:
    web = _web(env, stack) if process.name == WEB else ContainerSettings()
    arguments = env.airflow.release.web.https_arguments if process.name == WEB and env.web.domain else ""
    return AirflowContainer(
        name=process.name,
        command=f"{process.command} {arguments}".rstrip(),
        beside=beside(env, process),
        log_mode=NON_BLOCKING,
        reads_logs_only=not process.writes_logs,
        loads_dags=process.loads_dags,
        variables={**_variables(env, stack, process), **executor_of(env).variables(stack), **web.variables},
        secrets=web.secrets,
        properties={
            "PortMappings": [PortMapping(ContainerPort=number) for number in _ports(process)],
            "HealthCheck": _health_check(process),
            "StopTimeout": SECONDS_TO_END_TASKS if ends_tasks(env, process) else STOP_SECONDS,
            **capacity_label(env),
        },
    )


def _web(env: Environment, stack: StackBuilder) -> ContainerSettings:
    """Return what the container of the web server has besides."""
    login = login_of(env)
    settings = login.settings(stack)
    tls = env.airflow.release.web.https_environment if env.web.domain else {}
    return ContainerSettings({**tls, **settings.variables, **login.version(stack)}, settings.secrets)


def _variables(env: Environment, stack: StackBuilder, process: Process) -> dict[str, Any]:
    # By default the image's init stops every running task with the scheduler; now only the scheduler gets the signal.
    setsid = {"DUMB_INIT_SETSID": "0"} if process.runs_tasks else {}
    return {**setsid, **process.environment, **alarm_variables(env, stack, process)}


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
        NetworkConfiguration=task_network(env, stack, values.security_group_of(process.name)),
        **(_discovery(env, stack, process) if process.name == WEB else {}),
        HealthCheckGracePeriodSeconds=process.start_period,
        **_replacement(env, process),
        EnableExecuteCommand=True,
        EnableECSManagedTags=True,
        PropagateTags="SERVICE",
    )


def _discovery(env: Environment, stack: StackBuilder, process: Process) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if env.web.has_load_balancer:
        target = stack.parameter(values.TARGET_GROUP)
        balancer = LoadBalancer(ContainerName=AIRFLOW, ContainerPort=port(process), TargetGroupArn=target)
        properties["LoadBalancers"] = [balancer]
    if env.airflow.release.execution_api:
        properties["ServiceRegistries"] = [ServiceRegistry(RegistryArn=stack.parameter(values.API_REGISTRY))]
    return properties


def _replacement(env: Environment, process: Process) -> dict[str, Any]:
    how = replacement(env, process)
    # Going back to an older image is not ECS's to decide: it cannot start once the database has been migrated.
    deployment = DeploymentConfiguration(
        MinimumHealthyPercent=how.least,
        MaximumPercent=how.most,
        DeploymentCircuitBreaker=DeploymentCircuitBreaker(Enable=True, Rollback=False),
    )
    balanced = "ENABLED" if how.balances_zones else "DISABLED"
    return {"DeploymentConfiguration": deployment, "AvailabilityZoneRebalancing": balanced}
