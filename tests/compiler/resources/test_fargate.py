"""Promises of Fargate's frame: the YAML's processors and capacity, for everything alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from compiler.resources.fargate import ON_DEMAND, SPOT, capacity
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

SPOT_YAML = "fargate:\n  capacity: spot\n"


def test_every_task_runs_on_the_processors_of_the_yaml(case: Case) -> None:
    """An image is built for one kind; a task of another kind would end with an exec format error."""
    for definition in case.resources("AWS::ECS::TaskDefinition").values():
        platform = definition["Properties"]["RuntimePlatform"]
        assert platform == {"CpuArchitecture": case.env.fargate.architecture.upper(), "OperatingSystemFamily": "LINUX"}


def test_every_service_runs_on_the_capacity_of_the_yaml(case: Case) -> None:
    """By a strategy, which can be changed later, on a provider that the cluster has."""
    (item,) = capacity(case.env)
    assert item.to_dict() == {"CapacityProvider": case.env.fargate.provider, "Weight": 1}
    for service in case.resources("AWS::ECS::Service").values():
        assert service["Properties"]["CapacityProviderStrategy"] == [item.to_dict()]
        assert "LaunchType" not in service["Properties"]


def test_the_cluster_keeps_both_providers(case: Case) -> None:
    """ECS lets go of no provider that tasks still use, so that neither may come or go with the YAML."""
    assert case.only("AWS::ECS::Cluster")["CapacityProviders"] == [ON_DEMAND, SPOT]


def test_another_capacity_makes_new_task_definitions_of_services() -> None:
    """A new strategy starts no deployment; a new task definition does."""
    before, after = (_definitions(more) for more in ("", SPOT_YAML))
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)


def _definitions(more: str) -> dict[str, object]:
    services = read_template(compile_environment(minimal(more=more)).files["services.yaml"])["Resources"]
    return {name: one["Properties"] for name, one in services.items() if one["Type"] == "AWS::ECS::TaskDefinition"}
