"""The promises of rehearsal/emulator/patches/capacity_providers.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_cluster_has_its_capacity_providers(yard: Yard) -> None:
    """A cluster gets the providers its association names."""
    assert _providers(yard, yard.outputs["Cluster"]) == ["FARGATE", "FARGATE_SPOT"]


def test_an_association_changes_and_goes(yard: Yard) -> None:
    """An update replaces the providers, and without the association the cluster has none."""
    cluster = {"Cluster": {"Type": "AWS::ECS::Cluster"}}
    outputs = {"Cluster": {"Ref": "Cluster"}}
    stack = yard.create("capacity", {**cluster, "Capacity": _association("FARGATE")}, outputs=outputs)
    assert _providers(yard, yard.output(stack, "Cluster")) == ["FARGATE"]
    yard.update(stack, {**cluster, "Capacity": _association("FARGATE_SPOT")}, outputs=outputs)
    assert _providers(yard, yard.output(stack, "Cluster")) == ["FARGATE_SPOT"]
    yard.update(stack, cluster, outputs=outputs)
    assert _providers(yard, yard.output(stack, "Cluster")) == []
    assert yard.delete(stack) == "DELETE_COMPLETE"


def _association(provider: str) -> dict[str, Any]:
    strategy = [{"CapacityProvider": provider, "Weight": 1}]
    properties = {"CapacityProviders": [provider], "DefaultCapacityProviderStrategy": strategy}
    kind = "AWS::ECS::ClusterCapacityProviderAssociations"
    return {"Type": kind, "Properties": {"Cluster": {"Ref": "Cluster"}, **properties}}


def _providers(yard: Yard, cluster: str) -> list[str]:
    found = yard.client("ecs").describe_clusters(clusters=[cluster])["clusters"][0]
    return list(found["capacityProviders"])
