"""Promises of a VPC of the environment's own: every part stands in as many zones as the YAML says."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal


def _resources(keys: str) -> dict[str, dict[str, Any]]:
    templates = compile_environment(minimal("network: {", f"network: {{{keys}"))
    nested = {name: read_template(templates.files[f"{name}.yaml"]) for name in templates.nested}
    return {f"{name}/{title}": one for name, stack in nested.items() for title, one in stack["Resources"].items()}


@pytest.mark.parametrize("mode", ["public", "private"])
def test_a_third_zone_has_a_subnet_for_every_part(mode: str) -> None:
    """For load balancer, database, services and the file system."""
    found = _resources(f"mode: {mode}, zones: 3, ")
    assert len(found["edge/LoadBalancer"]["Properties"]["Subnets"]) == 3
    assert len(found["database/SubnetGroup"]["Properties"]["SubnetIds"]) == 3
    services = [one for one in found.values() if one["Type"] == "AWS::ECS::Service"]
    placed = [one["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"] for one in services]
    assert {len(subnets) for subnets in placed} == {3}
    assert sum(one["Type"] == "AWS::EFS::MountTarget" for one in found.values()) == 3


@pytest.mark.parametrize("mode", ["public", "private"])
def test_a_third_zone_changes_no_block_of_the_other_two(mode: str) -> None:
    """So that an environment that stands can have one."""
    two, three = _resources(f"mode: {mode}, "), _resources(f"mode: {mode}, zones: 3, ")
    subnets = {path for path, one in two.items() if one["Type"] == "AWS::EC2::Subnet"}
    assert subnets
    assert all(two[path] == three[path] for path in subnets)
    assert not two.keys() - three.keys()


def test_the_vpc_has_the_block_of_the_yaml() -> None:
    """And its subnets are in it."""
    found = _resources("cidr: 10.8.0.0/18, ")
    assert found["network/Vpc"]["Properties"]["CidrBlock"] == "10.8.0.0/18"
    assert found["network/PublicSubnetB"]["Properties"]["CidrBlock"] == "10.8.4.0/22"
