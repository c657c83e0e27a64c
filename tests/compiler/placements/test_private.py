"""The placement behind NAT gateways: tasks in private subnets, everything else where `public` has it."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal

PRIVATE = [{"Ref": "PrivateSubnetA"}, {"Ref": "PrivateSubnetB"}]
PUBLIC = [{"Ref": "PublicSubnetA"}, {"Ref": "PublicSubnetB"}]
Resource = dict[str, Any]


def _compiled(keys: str = "mode: private, ", more: str = "") -> dict[str, Any]:
    files = compile_environment(minimal("network: {", f"network: {{{keys}", more=more)).files
    return {name: read_template(text) for name, text in files.items()}


def _of(templates: dict[str, Any], kind: str) -> list[Resource]:
    resources = (one for template in templates.values() for one in template["Resources"].values())
    return [one["Properties"] for one in resources if one["Type"] == kind]


@pytest.fixture(scope="module")
def templates() -> dict[str, Any]:
    """Return the templates of an environment with one NAT gateway, read back."""
    return _compiled()


def test_tasks_stand_in_private_subnets(templates: dict[str, Any]) -> None:
    """Without public addresses, services and one-off tasks alike."""
    for service in _of(templates, "AWS::ECS::Service"):
        network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert (network["Subnets"], network["AssignPublicIp"]) == (PRIVATE, "DISABLED")
    joined = templates["root.yaml"]["Outputs"]["TaskSubnets"]["Value"]["Fn::Join"][1]
    assert joined == [{"Fn::GetAtt": f"Egress.Outputs.PrivateSubnet{zone}"} for zone in "AB"]


def test_load_balancer_and_file_system_stay_where_public_has_them(templates: dict[str, Any]) -> None:
    """So that another mode replaces neither; EFS would refuse a second address in a zone."""
    assert [one["Subnets"] for one in _of(templates, "AWS::ElasticLoadBalancingV2::LoadBalancer")] == [PUBLIC]
    assert [target["SubnetId"] for target in _of(templates, "AWS::EFS::MountTarget")] == PUBLIC


def test_the_database_does_not_wait_for_the_gateways(templates: dict[str, Any]) -> None:
    """A NAT gateway takes minutes, and an instance of RDS needs none."""
    egress = {name for name, stack in templates["root.yaml"]["Resources"].items() if "Egress." in str(stack)}
    assert egress == {"Services"}


def test_a_database_in_a_container_waits_for_them() -> None:
    """Its image comes from the internet."""
    container = _compiled(more='database: {kind: container, version: "15"}\n')["root.yaml"]["Resources"]
    assert "Egress." in str(container["Database"])


@pytest.mark.parametrize(("nat", "zones", "gateways"), [("one", 2, "A"), ("per_zone", 2, "AB"), ("per_zone", 3, "ABC")])
def test_there_are_as_many_gateways_as_the_yaml_says(nat: str, zones: int, gateways: str) -> None:
    """Every subnet has a route to one, and every gateway an address."""
    egress = _compiled(f"mode: private, nat: {nat}, zones: {zones}, ")["egress.yaml"]["Resources"]
    kinds = {title: resource["Type"] for title, resource in egress.items()}
    names = {f"NatGateway{zone}" for zone in gateways}
    assert {title for title, kind in kinds.items() if kind == "AWS::EC2::NatGateway"} == names
    assert sum(kind == "AWS::EC2::EIP" for kind in kinds.values()) == len(gateways)
    routes = [egress[f"PrivateRoute{zone}"]["Properties"]["NatGatewayId"]["Ref"] for zone in "ABC"[:zones]]
    assert (routes[0], set(routes)) == ("NatGatewayA", names)


def test_more_gateways_change_one_route_and_nothing_else() -> None:
    """So that an environment that stands gets them without a new subnet or route table."""
    one, more = (_compiled(f"mode: private, nat: {nat}, ")["egress.yaml"]["Resources"] for nat in ("one", "per_zone"))
    assert more.keys() - one.keys() == {"NatGatewayB", "NatAddressB"}
    assert {title for title in one if one[title] != more[title]} == {"PrivateRouteB"}
