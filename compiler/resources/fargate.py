"""Fargate's frame around a container: the task definition, where its tasks stand, and on what capacity they run."""

from typing import Any

from troposphere.ecs import (
    AwsvpcConfiguration,
    CapacityProviderStrategyItem,
    ContainerDefinition,
    NetworkConfiguration,
    RuntimePlatform,
    TaskDefinition,
    Volume,
)

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.environment import Environment
from spec.sections.services import Service as Size


def fargate_task(
    env: Environment, logical_id: str, size: Size, container: ContainerDefinition, volumes: list[Volume], **roles: Any
) -> TaskDefinition:
    """Return the task definition of one container on Fargate."""
    mounted: dict[str, Any] = {"Volumes": volumes} if volumes else {}
    return TaskDefinition(
        logical_id,
        RequiresCompatibilities=["FARGATE"],
        NetworkMode="awsvpc",
        RuntimePlatform=RuntimePlatform(
            CpuArchitecture=env.fargate.architecture.upper(), OperatingSystemFamily="LINUX"
        ),
        Cpu=str(size.cpu),
        Memory=str(size.memory),
        **roles,
        ContainerDefinitions=[container],
        **mounted,
    )


def public_network(stack: StackBuilder, security_group: StackValue) -> NetworkConfiguration:
    """Return where the tasks of a service stand."""
    return NetworkConfiguration(
        AwsvpcConfiguration=AwsvpcConfiguration(
            AssignPublicIp="ENABLED",  # the way to image and secrets without a NAT gateway
            Subnets=stack.parameters(values.PUBLIC_SUBNETS),
            SecurityGroups=[stack.parameter(security_group)],
        )
    )


def capacity(env: Environment) -> list[CapacityProviderStrategyItem]:
    """Return on what the tasks of every service run; a launch type could not be changed later."""
    return [CapacityProviderStrategyItem(CapacityProvider=env.fargate.provider, Weight=1)]
