"""Where the tasks of a service stand in the network."""

from troposphere.ecs import AwsvpcConfiguration, NetworkConfiguration

from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.placements.roster import placement_of
from spec.environment import Environment


def task_network(env: Environment, stack: StackBuilder, security_group: StackValue) -> NetworkConfiguration:
    """Return subnets, security group and whether each task has a public address."""
    return NetworkConfiguration(
        AwsvpcConfiguration=AwsvpcConfiguration(
            AssignPublicIp="ENABLED" if env.network.public_addresses else "DISABLED",
            Subnets=[*map(stack.known, placement_of(env).task_subnets)],
            SecurityGroups=[stack.parameter(security_group)],
        )
    )
