"""Promises of NAT gateways: a way out of private subnets."""

from ipaddress import ip_network

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal


def test_a_gateway_stands_in_a_public_subnet_with_an_address() -> None:
    """Of its own, so that others know the environment by it."""
    files = compile_environment(minimal("network: {", "network: {mode: private, ")).files
    gateway = read_template(files["egress.yaml"])["Resources"]["NatGatewayA"]["Properties"]
    assert gateway["AllocationId"] == {"Fn::GetAtt": "NatAddressA.AllocationId"}
    assert gateway["SubnetId"] == {"Ref": "PublicSubnetA"}


def test_no_two_subnets_overlap() -> None:
    """Those of all kinds share one VPC."""
    files = compile_environment(minimal("network: {", "network: {mode: private, ")).files
    everything = (one for text in files.values() for one in read_template(text)["Resources"].values())
    blocks = [one["Properties"]["CidrBlock"] for one in everything if one["Type"] == "AWS::EC2::Subnet"]
    assert len(set(blocks)) == len(blocks) == 6
    networks = [ip_network(block) for block in blocks]
    assert not [one for one in networks for other in networks if one is not other and one.overlaps(other)]
