"""`AWS::ECS::ClusterCapacityProviderAssociations`, which MiniStack has in its API but not in CloudFormation."""

from typing import Any

from rehearsal.emulator.patches import shapes
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

KIND = "AWS::ECS::ClusterCapacityProviderAssociations"
NONE: dict[str, Any] = {"CapacityProviders": [], "DefaultCapacityProviderStrategy": []}


def apply(handlers: ResourceHandlers) -> None:
    """Add the type."""

    def associate(properties: dict[str, Any]) -> Created:
        request = shapes.request("ecs", "PutClusterCapacityProviders", {**NONE, **properties})
        handlers.api("ecs").put_cluster_capacity_providers(**request)
        return properties["Cluster"], {}

    handlers.put(
        KIND,
        create=lambda _logical_id, properties, _stack: associate(properties),
        delete=lambda _physical_id, properties: associate({"Cluster": properties["Cluster"]}),
    )
