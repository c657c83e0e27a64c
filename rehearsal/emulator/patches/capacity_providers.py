"""Capacity providers of clusters: their association by CloudFormation, and what ECS refuses about them.

Sources: PutClusterCapacityProviders ("You can only disassociate an existing capacity provider from a cluster if it's
not being used by any existing tasks", ResourceInUseException) and CreateService, Amazon ECS API Reference,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import ecs

from rehearsal.emulator.patches import shapes
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind_action

KIND = "AWS::ECS::ClusterCapacityProviderAssociations"
CLUSTER = "AWS::ECS::Cluster"
NONE: dict[str, Any] = {"CapacityProviders": [], "DefaultCapacityProviderStrategy": []}
IN_USE = "The specified capacity provider is in use and cannot be removed."
NOT_ASSOCIATED = (
    "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the "
    "cluster. Associate the capacity provider with the cluster and try again."
)
CHOOSING = ("CreateService", "RunTask", "UpdateService")

Answering = Callable[[dict[str, Any]], Any]


def apply(handlers: ResourceHandlers) -> None:
    """Add the type of the association, which only MiniStack's API has, and refuse what ECS refuses."""
    rebind_action(ecs, "PutClusterCapacityProviders", _keeping_used)
    for action in CHOOSING:
        rebind_action(ecs, action, _requiring_association)
    update = handlers.original(CLUSTER, "update")

    def associate(properties: dict[str, Any]) -> Created:
        request = shapes.request("ecs", "PutClusterCapacityProviders", {**NONE, **properties})
        handlers.api("ecs").put_cluster_capacity_providers(**request)
        return properties["Cluster"], {}

    def update_cluster(physical_id: str, old: Any, new: Any, stack: str, logical_id: str | None) -> Created:
        if _in_use(physical_id, new.get("CapacityProviders", [])):
            raise ValueError(f"{IN_USE} (Service: AmazonECS; Status Code: 400; Error Code: ResourceInUseException)")
        updated: Created = update(physical_id, old, new, stack, logical_id)
        return updated

    handlers.put(
        KIND,
        create=lambda _logical_id, properties, _stack: associate(properties),
        delete=lambda _physical_id, properties: associate({"Cluster": properties["Cluster"]}),
    )
    handlers.put(CLUSTER, update=update_cluster)


def _keeping_used(answer: Answering) -> Answering:
    def put_or_refuse(request: dict[str, Any]) -> Any:
        name = ecs._resolve_cluster_name(request.get("cluster", "default"))
        if _in_use(name, request.get("capacityProviders", [])):
            return ecs.error_response_json("ResourceInUseException", IN_USE, 400)
        return answer(request)

    return put_or_refuse


def _requiring_association(answer: Answering) -> Answering:
    def choose_or_refuse(request: dict[str, Any]) -> Any:
        cluster = ecs._clusters.get(ecs._resolve_cluster_name(request.get("cluster", "default")))
        chosen = {item["capacityProvider"] for item in request.get("capacityProviderStrategy") or ()}
        if cluster is not None and chosen - set(cluster["capacityProviders"]):
            return ecs.error_response_json("InvalidParameterException", NOT_ASSOCIATED, 400)
        return answer(request)

    return choose_or_refuse


def _in_use(name: str | None, kept: Iterable[str]) -> bool:
    """Whether a task of a cluster runs on a provider that is not kept."""
    cluster = ecs._clusters.get(name)
    if cluster is None:
        return False
    removed = set(cluster["capacityProviders"]) - set(kept)
    return any(
        task["clusterArn"] == cluster["clusterArn"] and task["lastStatus"] != "STOPPED"
        for task in list(ecs._tasks.values())
        if task.get("capacityProviderName") in removed
    )
