"""Task definitions on Fargate, and the capacity on which services run."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from troposphere.ecs import (
    CapacityProviderStrategyItem,
    ContainerDefinition,
    RuntimePlatform,
    TaskDefinition,
    Volume,
)

from spec.environment import Environment
from spec.sections.services import Service as Size

ON_DEMAND, SPOT = "FARGATE", "FARGATE_SPOT"
"""The capacity providers of Fargate."""
CAPACITY_LABEL = "windsock.capacity"


class FargateTask(NamedTuple):
    """One container as a task; the roles are ARNs, or references to them. Without `family` the stack names it."""

    logical_id: str
    size: Size
    container: ContainerDefinition
    volumes: Sequence[Volume]
    execution_role: Any
    task_role: Any
    family: str = ""


def fargate_task(env: Environment, task: FargateTask) -> TaskDefinition:
    """Return the task definition of one container on Fargate."""
    volumes: dict[str, Any] = {"Volumes": list(task.volumes)} if task.volumes else {}
    family: dict[str, Any] = {"Family": task.family} if task.family else {}
    return TaskDefinition(
        task.logical_id,
        RequiresCompatibilities=["FARGATE"],
        NetworkMode="awsvpc",
        RuntimePlatform=RuntimePlatform(
            CpuArchitecture=env.fargate.architecture.upper(), OperatingSystemFamily="LINUX"
        ),
        Cpu=str(task.size.cpu),
        Memory=str(task.size.memory),
        **family,
        ExecutionRoleArn=task.execution_role,
        TaskRoleArn=task.task_role,
        ContainerDefinitions=[task.container],
        **volumes,
    )


def capacity_label(env: Environment) -> dict[str, Any]:
    """Return the label that tells containers on Spot from others.

    A new capacity provider starts no deployment (UpdateService, Amazon ECS API Reference); a new task definition does.
    """
    return {"DockerLabels": {CAPACITY_LABEL: SPOT}} if env.fargate.provider == SPOT else {}


def capacity(env: Environment) -> list[CapacityProviderStrategyItem]:
    """Return the capacity provider of every service; a launch type could not be changed later."""
    return [CapacityProviderStrategyItem(CapacityProvider=env.fargate.provider, Weight=1)]
