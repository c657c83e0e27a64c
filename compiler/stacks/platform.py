"""The cluster, the roles of its containers, and the one-off tasks."""

from troposphere import GetAtt
from troposphere.ecs import (
    CapacityProviderStrategyItem,
    Cluster,
    ClusterSetting,
    TaskDefinition,
)

from compiler.airflow.alarm import add_alarm_role
from compiler.airflow.containers import (
    AIRFLOW_INPUTS,
    AirflowContainer,
    airflow_container,
    volumes,
)
from compiler.airflow.roles import add_execution_role, add_reader_role, add_writer_role
from compiler.airflow.service_discovery import add_service_discovery
from compiler.contract import COMMAND
from compiler.deliveries.efs import ACCESS_POINTS
from compiler.deliveries.roster import delivery_of
from compiler.environment_parts import log_names, process_role
from compiler.executors.roster import executor_of
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.containers import BLOCKING
from compiler.resources.fargate import ON_DEMAND, SPOT, FargateTask, fargate_task
from spec.environment import Environment
from spec.sections.services import Service as Size

DESCRIPTION = "Cluster, roles and one-off tasks"
TIMEOUT_MINUTES = 15
INPUTS = (
    AIRFLOW_INPUTS
    | {
        values.VPC,
        values.REPOSITORY_ARN,
        values.CODE_BUCKET,
        values.ADMIN_PASSWORD,
        values.ENCRYPTION_KEY,
        values.ROOT_STACK,
        values.ASLEEP_RULE,
    }
    | frozenset(values.LOG_GROUPS)
    | frozenset(ACCESS_POINTS.values())
)
OUTPUTS = frozenset(
    {
        values.CLUSTER,
        values.EXECUTION_ROLE,
        values.TASK_ROLE,
        values.READER_ROLE,
        values.SCHEDULER_ROLE,
        values.ALARM_ROLE,
        values.NAMESPACE,
        values.API_REGISTRY,
        values.COMMAND_TASK_DEFINITION,
        values.SYNC_TASK_DEFINITION,
    }
)

COMMAND_SIZE = Size.of(512, 1024)


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the cluster, its roles and the one-off tasks of an environment."""
    cluster = stack.add(_cluster(env), "Cluster of this environment")
    stack.output(values.CLUSTER, cluster.ref())
    execution = add_execution_role(env, stack, map(values.log_group_of, log_names(env)))
    stack.output(values.EXECUTION_ROLE, execution)
    writer = add_writer_role(env, stack)
    roles = {process_role(env, process): process.name for process in env.processes}
    if values.TASK_ROLE in roles:
        stack.output(values.TASK_ROLE, writer)
    if values.READER_ROLE in roles:
        stack.output(values.READER_ROLE, add_reader_role(env, stack, roles[values.READER_ROLE]))
    add_alarm_role(env, stack)
    executor_of(env).build(stack)
    add_service_discovery(env, stack)
    command = stack.add(_command(env, stack, execution, writer), "Runs one Airflow command, such as a migration")
    stack.output(values.COMMAND_TASK_DEFINITION, command.ref())
    delivery_of(env).build(stack, execution)


def _cluster(env: Environment) -> Cluster:
    return Cluster(
        "Cluster",
        ClusterSettings=[ClusterSetting(Name="containerInsights", Value="enabled" if env.protect else "disabled")],
        # Both, whatever is used now: ECS lets go of no provider that tasks still use.
        CapacityProviders=[ON_DEMAND, SPOT],
        DefaultCapacityProviderStrategy=[CapacityProviderStrategyItem(CapacityProvider=ON_DEMAND, Weight=1)],
    )


def _command(env: Environment, stack: StackBuilder, execution_role: GetAtt, task_role: GetAtt) -> TaskDefinition:
    login = login_of(env).settings(stack)
    container = AirflowContainer(
        name=COMMAND,
        command="airflow version",
        log_mode=BLOCKING,
        variables=login.variables,
        secrets={"ADMIN_PASSWORD": stack.parameter(values.ADMIN_PASSWORD), **login.secrets},
    )
    return fargate_task(
        env,
        FargateTask(
            logical_id=values.COMMAND_TASK_DEFINITION.title,
            size=COMMAND_SIZE,
            container=airflow_container(env, stack, container),
            volumes=volumes(env, stack),
            execution_role=execution_role,
            task_role=task_role,
        ),
    )
