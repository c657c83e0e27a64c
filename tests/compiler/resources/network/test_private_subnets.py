"""Promises of private subnets: one in each zone with a route table of its own, and S3 without a gateway."""

from typing import Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal


def _egress(keys: str) -> dict[str, Any]:
    files = compile_environment(minimal("network: {", f"network: {{mode: private, {keys}")).files
    resources: dict[str, Any] = read_template(files["egress.yaml"])["Resources"]
    return resources


def test_s3_is_reached_past_the_gateways() -> None:
    """What goes through a NAT gateway is paid by the gigabyte, and image layers are in S3."""
    endpoint = _egress("")["StorageEndpoint"]["Properties"]
    assert endpoint["RouteTableIds"] == [{"Ref": "PrivateRouteTableA"}, {"Ref": "PrivateRouteTableB"}]


def test_each_of_three_zones_has_subnet_and_route_table() -> None:
    """Beside those of the first two, which stay as they are."""
    two, three = _egress(""), _egress("zones: 3, ")
    added = {"PrivateSubnetC", "PrivateSubnetCRoutes", "PrivateRouteTableC", "PrivateRouteC"}
    assert three.keys() - two.keys() == added
    assert {title for title in two if two[title] != three[title]} == {"StorageEndpoint"}
