"""`AWS::ECS::ClusterCapacityProviderAssociations`, which MiniStack has in its API but not in CloudFormation."""

from typing import Any

from rehearsal.emulator.patches import handlers, shapes

KIND = "AWS::ECS::ClusterCapacityProviderAssociations"


def apply() -> None:
    """Add the type."""
    handlers.put(KIND, create=_create, update=_update, delete=_delete)


def _create(_logical_id: str, properties: dict[str, Any], _stack: str) -> handlers.Created:
    wanted = {"CapacityProviders": [], "DefaultCapacityProviderStrategy": [], **properties}
    handlers.api("ecs").put_cluster_capacity_providers(**shapes.request("ecs", "PutClusterCapacityProviders", wanted))
    return properties["Cluster"], {}


def _update(_physical_id: str, _old: Any, new: dict[str, Any], stack: str) -> handlers.Created:
    return _create("", new, stack)


def _delete(_physical_id: str, properties: dict[str, Any]) -> None:
    _create("", {"Cluster": properties["Cluster"]}, "")
