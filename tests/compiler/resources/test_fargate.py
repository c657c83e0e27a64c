"""Promises of Fargate's frame: the YAML's processors and capacity, for everything alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.resources.fargate import capacity

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_every_task_runs_on_the_processors_of_the_yaml(case: Case) -> None:
    """An image is built for one kind; a task of another kind would end with an exec format error."""
    for definition in case.resources("AWS::ECS::TaskDefinition").values():
        platform = definition["Properties"]["RuntimePlatform"]
        assert platform == {"CpuArchitecture": case.env.fargate.architecture.upper(), "OperatingSystemFamily": "LINUX"}


def test_every_service_runs_on_the_capacity_of_the_yaml(case: Case) -> None:
    """By a strategy, which can be changed later, on a provider that the cluster has."""
    (item,) = capacity(case.env)
    assert item.to_dict() == {"CapacityProvider": case.env.fargate.provider, "Weight": 1}
    assert case.env.fargate.provider in case.only("AWS::ECS::Cluster")["CapacityProviders"]
    for service in case.resources("AWS::ECS::Service").values():
        assert service["Properties"]["CapacityProviderStrategy"] == [item.to_dict()]
        assert "LaunchType" not in service["Properties"]
