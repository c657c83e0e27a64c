"""The promises of rehearsal/emulator/patches/capacity_providers.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

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


def test_a_provider_that_a_task_uses_stays(yard: Yard) -> None:
    """Neither the API nor an update of the cluster takes it away; when the task has ended, both can."""
    both = {"Cluster": _cluster("FARGATE", "FARGATE_SPOT")}
    stack = yard.create("used-capacity", both, outputs={"Cluster": {"Ref": "Cluster"}})
    cluster, ecs = yard.output(stack, "Cluster"), yard.client("ecs")
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    definition = yard.outputs["Once"]
    overrides = {"containerOverrides": [{"name": "once", "command": ["sleep", "60"]}]}
    run = ecs.run_task(
        cluster=cluster,
        taskDefinition=definition,
        capacityProviderStrategy=strategy,
        overrides=overrides,
        **yard.placed,
    )
    with pytest.raises(ClientError, match=r"ResourceInUseException.*in use and cannot be removed"):
        ecs.put_cluster_capacity_providers(
            cluster=cluster, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
        )
    less = {"Cluster": _cluster("FARGATE")}
    assert yard.update(stack, less, outputs={"Cluster": {"Ref": "Cluster"}}) == "UPDATE_ROLLBACK_COMPLETE"
    task = run["tasks"][0]["taskArn"]
    ecs.stop_task(cluster=cluster, task=task)
    yard.until(lambda: _status(ecs, cluster, task) == "STOPPED")
    assert yard.update(stack, less, outputs={"Cluster": {"Ref": "Cluster"}}) == "UPDATE_COMPLETE"
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_provider_of_another_cluster_is_refused(yard: Yard) -> None:
    """A strategy names only what is associated with the cluster."""
    stack = yard.create("no-spot", {"Cluster": _cluster("FARGATE")}, outputs={"Cluster": {"Ref": "Cluster"}})
    where = {"cluster": yard.output(stack, "Cluster"), "taskDefinition": yard.outputs["Once"], **yard.placed}
    with pytest.raises(ClientError, match="not associated with the cluster"):
        yard.client("ecs").run_task(
            **where, capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
        )
    assert yard.delete(stack) == "DELETE_COMPLETE"


def _status(ecs: Any, cluster: str, task: str) -> str:
    found = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"]  # the first looks may miss it
    return str(found[0]["lastStatus"]) if found else ""


def _cluster(*providers: str) -> dict[str, Any]:
    return {"Type": "AWS::ECS::Cluster", "Properties": {"CapacityProviders": list(providers)}}


def _association(provider: str) -> dict[str, Any]:
    strategy = [{"CapacityProvider": provider, "Weight": 1}]
    properties = {"CapacityProviders": [provider], "DefaultCapacityProviderStrategy": strategy}
    kind = "AWS::ECS::ClusterCapacityProviderAssociations"
    return {"Type": kind, "Properties": {"Cluster": {"Ref": "Cluster"}, **properties}}


def _providers(yard: Yard, cluster: str) -> list[str]:
    found = yard.client("ecs").describe_clusters(clusters=[cluster])["clusters"][0]
    return list(found["capacityProviders"])
