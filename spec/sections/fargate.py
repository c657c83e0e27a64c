"""The `fargate` section: the capacity and the processors that tasks run on."""

from typing import Literal

from spec.section import Section

Architecture = Literal["x86_64", "arm64"]


class Fargate(Section):
    """The capacity and the processors that Fargate tasks run on."""

    capacity: Literal["on_demand", "spot"] = "on_demand"
    """`on_demand`: Fargate at its regular price. `spot`: spare capacity for a third of it. AWS may take a task back at
    two minutes' notice; ECS then starts it again when there is capacity. This holds for every service. Workers have
    their own `capacity`, and one-off tasks stay on demand so that nothing interrupts a migration. Default on_demand.
    Source: "Amazon ECS clusters for Fargate", Amazon ECS Developer Guide."""

    architecture: Architecture = "x86_64"
    """Processors: x86_64, or arm64, which costs a fifth less; the image is built for them. Default x86_64.
    Source: "RuntimePlatform", Amazon ECS API reference."""

    @property
    def provider(self) -> str:
        """The capacity provider of every service."""
        return {"on_demand": "FARGATE", "spot": "FARGATE_SPOT"}[self.capacity]
