"""The placement in a network that is there already: the ids of the YAML stand where else the network stack's would."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import PYTHON, minimal

VPC = "vpc-0a1b2c3d4e5f67890"
TASKS = [f"subnet-0a1b2c3d4e5f6000{number}" for number in (1, 2, 3)]
EDGE = ["subnet-0a1b2c3d4e5f60011", "subnet-0a1b2c3d4e5f60012"]
DATABASE = ["subnet-0a1b2c3d4e5f60021", "subnet-0a1b2c3d4e5f60022"]
NETWORK = (
    f"network: {{mode: existing, vpc: {VPC}, task_subnets: [{', '.join(TASKS)}], "
    f"load_balancer_subnets: [{', '.join(EDGE)}], database_subnets: [{', '.join(DATABASE)}], allowed_cidrs"
)
Resource = dict[str, Any]


@pytest.fixture(scope="module")
def templates() -> dict[str, Any]:
    """Return the templates of an environment, read back."""
    env = minimal("network: {allowed_cidrs", NETWORK)
    return {name: read_template(text) for name, text in compile_environment(env).files.items()}


def _of(templates: dict[str, Any], kind: str) -> list[Resource]:
    resources = (one for template in templates.values() for one in template["Resources"].values())
    return [one["Properties"] for one in resources if one["Type"] == kind]


def test_the_network_stack_adds_security_groups_alone(templates: dict[str, Any]) -> None:
    """Whoever made the VPC keeps it: no subnet, route, gateway or endpoint of ours."""
    kinds = {resource["Type"].rpartition("::")[2] for resource in templates["network.yaml"]["Resources"].values()}
    assert kinds == {"SecurityGroup", "SecurityGroupIngress", "SecurityGroupEgress"}
    assert {group["VpcId"] for group in _of(templates, "AWS::EC2::SecurityGroup")} == {VPC}


def test_every_part_stands_in_its_subnets(templates: dict[str, Any]) -> None:
    """Tasks and file system in those of tasks, load balancer and database in their own."""
    for service in _of(templates, "AWS::ECS::Service"):
        network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert (network["Subnets"], network["AssignPublicIp"]) == (TASKS, "DISABLED")
    assert [target["SubnetId"] for target in _of(templates, "AWS::EFS::MountTarget")] == TASKS
    assert [one["Subnets"] for one in _of(templates, "AWS::ElasticLoadBalancingV2::LoadBalancer")] == [EDGE]
    assert [group["SubnetIds"] for group in _of(templates, "AWS::RDS::DBSubnetGroup")] == [DATABASE]
    assert [target["VpcId"] for target in _of(templates, "AWS::ElasticLoadBalancingV2::TargetGroup")] == [VPC]
    subnets = templates["root.yaml"]["Outputs"]["TaskSubnets"]["Value"]
    assert subnets == {"Fn::Join": [",", TASKS]}


def test_names_and_workers_are_in_the_vpc() -> None:
    """The namespace of Airflow 3 is one of that VPC, and the scheduler starts workers in the subnets of tasks."""
    old = f"2.5.3, {PYTHON}}}\nnetwork: {{allowed_cidrs"
    new = f'3.3.2, python: "3.12", executor: ecs}}\n{NETWORK}'
    templates = {name: read_template(text) for name, text in compile_environment(minimal(old, new)).files.items()}
    (namespace,) = _of(templates, "AWS::ServiceDiscovery::PrivateDnsNamespace")
    assert namespace["Vpc"] == VPC
    (variables,) = (
        {variable["Name"]: variable["Value"] for variable in container["Environment"]}
        for definition in _of(templates, "AWS::ECS::TaskDefinition")
        for container in definition["ContainerDefinitions"]
        if "scheduler" in str(container["Command"])
    )
    assert variables["AIRFLOW__AWS_ECS_EXECUTOR__SUBNETS"] == {"Fn::Join": [",", TASKS]}
    assert variables["AIRFLOW__AWS_ECS_EXECUTOR__ASSIGN_PUBLIC_IP"] == "False"
