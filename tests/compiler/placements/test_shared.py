"""The placement in a network that others share: its exports stand where else the network stack's values would."""

from pathlib import Path
from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from compiler.reach import reaches
from tests.spec.networks import in_network, shared_network

ECS = ('2.5.3, python: "3.10"', '3.3.2, python: "3.12", executor: ecs')


@pytest.fixture
def templates(tmp_path: Path) -> dict[str, Any]:
    """Return the templates of an environment, read back."""
    shared_network(tmp_path)
    files = compile_environment(in_network(tmp_path, *ECS)).files
    return {name: read_template(text) for name, text in files.items()}


def _passed(templates: dict[str, Any], stack: str) -> dict[str, Any]:
    return dict(templates["root.yaml"]["Resources"][stack]["Properties"]["Parameters"])


def _imports(*values: str) -> list[dict[str, str]]:
    return [{"Fn::ImportValue": f"team-{value}"} for value in values]


def test_the_network_stack_adds_security_groups_alone(templates: dict[str, Any]) -> None:
    """There is no way out to pay for, and no stack for one."""
    kinds = {resource["Type"].rpartition("::")[2] for resource in templates["network.yaml"]["Resources"].values()}
    assert kinds == {"SecurityGroup", "SecurityGroupIngress", "SecurityGroupEgress"}
    assert "egress.yaml" not in templates
    assert _passed(templates, "Network") == {"Vpc": {"Fn::ImportValue": "team-Vpc"}}


def test_the_root_imports_what_each_part_stands_in(templates: dict[str, Any]) -> None:
    """So CloudFormation deletes no network under an environment."""
    private = _imports(*(f"PrivateSubnet{zone}" for zone in "ABC"))
    assert [_passed(templates, "Services")[f"PrivateSubnet{zone}"] for zone in "ABC"] == private
    assert [_passed(templates, "Database")[f"DatabaseSubnet{zone}"] for zone in "ABC"] == _imports(
        *(f"DatabaseSubnet{zone}" for zone in "ABC")
    )
    assert [_passed(templates, "Edge")[f"PublicSubnet{zone}"] for zone in "ABC"] == _imports(
        *(f"PublicSubnet{zone}" for zone in "ABC")
    )
    assert templates["root.yaml"]["Outputs"]["TaskSubnets"]["Value"] == {"Fn::Join": [",", private]}
    assert not any("Export" in one for template in templates.values() for one in template.get("Outputs", {}).values())


def test_tasks_leave_by_the_way_of_the_network(tmp_path: Path) -> None:
    """Which `windsock graph --reach` names."""
    shared_network(tmp_path)
    ways = {one.way for one in reaches(in_network(tmp_path))}
    assert ways == {"NAT gateway of the network team", "gateway endpoint of the network team"}
