"""The workers: the task definition in which each Airflow task runs, and how the executor is told to run it."""

import json
from typing import Any

from troposphere import GetAtt, Join, Ref
from troposphere.ecs import TaskDefinition

from compiler.airflow.containers import ACCESS_POINTS, NON_BLOCKING, airflow_container, volumes
from compiler.contract import AIRFLOW, WORKER, worker_family
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.fargate import fargate_task
from spec.environment import Environment

STOP_SECONDS = 120  # the most that Fargate grants, and the notice that a worker on Spot gets
STARTED_BY = "airflow"


def add_worker(env: Environment, stack: StackBuilder, execution_role: GetAtt, worker_role: GetAtt) -> TaskDefinition:
    """Draw the task definition in which each Airflow task runs; the executor brings the command."""
    container = airflow_container(
        env,
        stack,
        WORKER,
        "airflow version",
        NON_BLOCKING,
        knows_database=not env.airflow.release.execution_api,
        variables={"DUMB_INIT_SETSID": "0"},  # the process that supervises the task hears of the end, and tells it
        StopTimeout=STOP_SECONDS,
    )
    definition = fargate_task(
        env,
        "WorkerTaskDefinition",
        env.workers_or_default,
        container,
        volumes(stack, ACCESS_POINTS),
        # A revision can no longer start once a stack update has replaced it; a family always has one that can.
        Family=worker_family(env),
        ExecutionRoleArn=execution_role,
        TaskRoleArn=worker_role,
    )
    return stack.add(definition, "How a worker runs: one Airflow task in a Fargate task of its own")


def executor_options(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    """Return the variables that tell the executor how to start workers; none when tasks run in the scheduler."""
    if not env.on_ecs:
        return {}
    options = {
        "CLUSTER": stack.parameter(values.CLUSTER),
        "TASK_DEFINITION": worker_family(env),
        "CONTAINER_NAME": AIRFLOW,
        "SUBNETS": Join(",", stack.parameters(values.PUBLIC_SUBNETS)),
        "SECURITY_GROUPS": stack.parameter(values.security_group_of(WORKER)),
        "ASSIGN_PUBLIC_IP": "True",  # the way to image and secrets without a NAT gateway
        "PLATFORM_VERSION": "LATEST",
        "REGION_NAME": Ref("AWS::Region"),
        "CONN_ID": "",  # no connection of Airflow's: the scheduler's role is enough
        "RUN_TASK_KWARGS": json.dumps(_request(env)),
    }
    return {f"AIRFLOW__AWS_ECS_EXECUTOR__{key}": value for key, value in options.items()}


def _request(env: Environment) -> dict[str, Any]:
    """Return what is said of every worker beyond what the executor has options for.

    The strategy must stand here, in this spelling: as an option of its own it would reach AWS as a text, and in the
    spelling of AWS the executor would not see it and ask for the cluster's.
    """
    weights = env.workers_or_default.capacity.weights
    return {
        "capacity_provider_strategy": [
            {"capacityProvider": provider, "weight": weight} for provider, weight in weights.items()
        ],
        "startedBy": STARTED_BY,
        "propagateTags": "TASK_DEFINITION",
        "enableECSManagedTags": True,
        "enableExecuteCommand": True,
    }
