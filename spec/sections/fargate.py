"""The `fargate` section: on what tasks run."""

from typing import Literal

from spec.section import Section

Architecture = Literal["x86_64", "arm64"]


class Fargate(Section):
    """On what Fargate's tasks run."""

    capacity: Literal["on_demand", "spot"] = "on_demand"
    """`on_demand`: Fargate at its regular price. `spot`: spare capacity for a third of it, which AWS may take back at
    two minutes' notice; ECS then starts the task again where there is some. For every service; workers have their own
    `capacity`, and one-off tasks stay on demand, because half a migration is worth nothing. Default on_demand.
    Source: "Amazon ECS clusters for Fargate", Amazon ECS Developer Guide."""

    architecture: Architecture = "x86_64"
    """Processors: x86_64, or arm64 for a fifth less; the image is built for it. Default x86_64.
    Source: "RuntimePlatform", Amazon ECS API reference."""

    @property
    def provider(self) -> str:
        """The capacity provider of every service."""
        return {"on_demand": "FARGATE", "spot": "FARGATE_SPOT"}[self.capacity]
