"""The executor `ecs`: each Airflow task runs in a Fargate task of its own, which the scheduler starts."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from troposphere import GetAtt, Join, Ref
from troposphere.ecs import TaskDefinition

from compiler.airflow.alarm import alarm_permissions
from compiler.airflow.containers import AirflowContainer, airflow_container, volumes
from compiler.airflow.dag_needs import granted_permissions
from compiler.airflow.roles import worker_start_permissions, writer_permissions
from compiler.contract import AIRFLOW, SCHEDULER, WORKER, worker_family
from compiler.model import stack_values as values
from compiler.model.kind import OfEnvironment
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.placements.roster import placement_of
from compiler.resources.containers import NON_BLOCKING
from compiler.resources.fargate import FargateTask, fargate_task
from compiler.resources.permissions import run_workers
from compiler.resources.roles import add_task_role
from spec.environment import Environment
from spec.releases.processes import Process

STOP_SECONDS = 120  # the most that Fargate grants, and the notice that a worker on Spot gets
STARTED_BY = "airflow"


class EcsExecutor(OfEnvironment):
    """The Amazon provider's AwsEcsExecutor, with its workers."""

    workers = (WORKER,)

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the options with which the executor starts workers."""
        options = {
            "CLUSTER": stack.parameter(values.CLUSTER),
            "TASK_DEFINITION": worker_family(self.env),
            "CONTAINER_NAME": AIRFLOW,
            "SUBNETS": Join(",", [*map(stack.known, placement_of(self.env).task_subnets)]),
            "SECURITY_GROUPS": stack.parameter(values.security_group_of(WORKER)),
            "ASSIGN_PUBLIC_IP": str(self.env.network.public_addresses),
            "PLATFORM_VERSION": "LATEST",
            "REGION_NAME": Ref("AWS::Region"),
            "CONN_ID": "",  # no connection of Airflow's: the scheduler's role is enough
            "RUN_TASK_KWARGS": json.dumps(_request(self.env)),
        }
        return {f"AIRFLOW__AWS_ECS_EXECUTOR__{key}": value for key, value in options.items()}

    def role_of(self, process: Process) -> StackValue | None:
        """Return the scheduler's own role: it alone starts workers."""
        return values.SCHEDULER_ROLE if process.name == SCHEDULER else None

    def permissions(self) -> Iterator[Permission]:
        """Yield what workers and the scheduler may do in AWS."""
        yield from worker_start_permissions(self.env)
        yield from self._worker_permissions()
        yield from self._scheduler_permissions()

    def ends_tasks(self, process: Process) -> bool:
        """Whether workers end with the process: the next scheduler of some releases does not adopt them."""
        ecs = self.env.airflow.release.ecs
        return process.name == SCHEDULER and not (ecs and ecs.adopts)

    def build(self, stack: StackBuilder) -> None:
        """Add the roles of workers and scheduler, and the task definition of a worker."""
        execution_role = add_task_role(
            stack,
            "WorkerExecutionRole",
            "What ECS may do to start a worker: pull the image, read the secrets of a worker, write its log lines",
            worker_start_permissions(self.env),
        )
        worker_role = add_task_role(
            stack,
            "WorkerRole",
            "What DAGs may do in AWS: what the YAML grants, besides reading code and writing task logs",
            self._worker_permissions(),
            managed=(*self.env.airflow.policies, *self.env.workers_or_default.policies),
        )
        scheduler_role = add_task_role(
            stack,
            values.SCHEDULER_ROLE.title,
            "What the scheduler may do in AWS: start and stop workers, besides what Airflow may",
            self._scheduler_permissions(),
        )
        stack.output(values.SCHEDULER_ROLE, scheduler_role)
        definition = _task_definition(self.env, stack, execution_role, worker_role)
        stack.add(definition, "Task definition of a worker: one Airflow task in a Fargate task of its own")

    def _worker_permissions(self) -> Iterator[Permission]:
        yield from writer_permissions(self.env, WORKER)
        yield from granted_permissions(self.env, WORKER)

    def _scheduler_permissions(self) -> Iterator[Permission]:
        yield from writer_permissions(self.env, SCHEDULER)
        yield from run_workers(SCHEDULER, worker_family(self.env))
        yield from alarm_permissions(self.env)


def _task_definition(
    env: Environment, stack: StackBuilder, execution_role: GetAtt, worker_role: GetAtt
) -> TaskDefinition:
    """Return the task definition in which each Airflow task runs; the executor brings the command."""
    container = AirflowContainer(
        name=WORKER,
        command="airflow version",
        log_mode=NON_BLOCKING,
        knows_database=not env.airflow.release.execution_api,
        variables={"DUMB_INIT_SETSID": "0"},  # the supervisor of the task gets the signal, and passes it on
        properties={"StopTimeout": STOP_SECONDS},
    )
    return fargate_task(
        env,
        FargateTask(
            logical_id="WorkerTaskDefinition",
            size=env.workers_or_default,
            container=airflow_container(env, stack, container),
            volumes=volumes(env, stack),
            # A revision can no longer start once a stack update has replaced it; a family always has one that can.
            family=worker_family(env),
            execution_role=execution_role,
            task_role=worker_role,
        ),
    )


def _request(env: Environment) -> dict[str, Any]:
    """Return the parts of the request that the executor has no options for.

    The strategy must stand here, in this spelling: as an option of its own it would reach AWS as a text, and in the
    spelling of AWS the executor would not see it and would use the cluster's.
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
