"""The placement without a way to the internet: private subnets, and endpoints that every task reaches."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import PYTHON, minimal

Resource = dict[str, Any]


def _compiled(keys: str = "", airflow: str = PYTHON) -> dict[str, Resource]:
    text = f"{airflow}}}\nnetwork: {{mode: endpoints, {keys}"
    files = compile_environment(minimal(f"{PYTHON}}}\nnetwork: {{", text)).files
    nested = {name.removesuffix(".yaml"): read_template(text)["Resources"] for name, text in files.items()}
    return {f"{name}/{title}": resource for name, stack in nested.items() for title, resource in stack.items()}


def _of(resources: dict[str, Resource], kind: str) -> dict[str, Resource]:
    return {path: one["Properties"] for path, one in resources.items() if one["Type"] == kind}


@pytest.fixture(scope="module")
def resources() -> dict[str, Resource]:
    """Return the resources of an environment without a way to the internet."""
    return _compiled()


def test_subnets_of_tasks_have_no_route(resources: dict[str, Resource]) -> None:
    """The one route there is leads a load balancer to the internet, and no gateway costs money."""
    assert list(_of(resources, "AWS::EC2::Route")) == ["network/PublicRoute"]
    assert not _of(resources, "AWS::EC2::NatGateway")
    for service in _of(resources, "AWS::ECS::Service").values():
        network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        subnets = [{"Ref": "PrivateSubnetA"}, {"Ref": "PrivateSubnetB"}]
        assert (network["Subnets"], network["AssignPublicIp"]) == (subnets, "DISABLED")


@pytest.mark.parametrize("web", ["web: {scheme: internal}\n", "web: {load_balancer: none}\n"])
def test_without_a_load_balancer_on_the_internet_there_is_no_internet_gateway(web: str) -> None:
    """Nothing in the VPC would use it."""
    keys = "allowed_cidrs: [203.0.113.0/24]"
    text = "network: {mode: endpoints" if "none" in web else f"network: {{mode: endpoints, {keys}"
    env = minimal(f"network: {{{keys}", text, more=web)
    network = read_template(compile_environment(env).files["network.yaml"])["Resources"]
    assert not {one["Type"] for one in network.values()} & {"AWS::EC2::InternetGateway", "AWS::EC2::Route"}


def test_the_mode_replaces_no_subnet_of_private() -> None:
    """So that an environment that stands can go from one to the other."""
    private = read_template(
        compile_environment(minimal("network: {", "network: {mode: private, ")).files["egress.yaml"]
    )
    ours = _compiled()
    subnets = {title: one for title, one in private["Resources"].items() if one["Type"] == "AWS::EC2::Subnet"}
    assert subnets
    assert all(ours[f"egress/{title}"] == one for title, one in subnets.items())


def test_every_task_may_connect_to_the_endpoints(resources: dict[str, Resource]) -> None:
    """Out of its own group it may go anywhere by HTTPS; the group of the endpoints lets exactly those in."""
    into = [
        rule
        for rule in _of(resources, "AWS::EC2::SecurityGroupIngress").values()
        if rule["GroupId"] == {"Ref": "EndpointsSecurityGroup"}
    ]
    sources = {rule["SourceSecurityGroupId"]["Ref"] for rule in into}
    assert sources == {f"{name}SecurityGroup" for name in ("Webserver", "Scheduler", "Command", "Sync")}
    assert {(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in into} == {("tcp", 443, 443)}
    out = _of(resources, "AWS::EC2::SecurityGroupEgress").values()
    assert not [one for one in out if one.get("DestinationSecurityGroupId") == {"Ref": "EndpointsSecurityGroup"}]


def test_other_modes_have_no_such_group() -> None:
    """An environment that stands keeps its groups."""
    for mode in ("public", "private"):
        files = compile_environment(minimal("network: {", f"network: {{mode: {mode}, ")).files
        assert "EndpointsSecurityGroup" not in "".join(files.values())
