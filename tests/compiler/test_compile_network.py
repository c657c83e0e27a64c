"""A network is one stack, whose exports are all that environments in it import."""

from pathlib import Path
from typing import Any

import pytest

from compiler.compile import compile_environment, compile_network
from compiler.lint import lint
from compiler.model.yaml_reader import read_template
from tests.spec.networks import in_network, shared_network

MODES = ("mode: public", "mode: private", "mode: private, nat: per_zone, zones: 3", "mode: public, zones: 3")


def _read(templates: Any) -> dict[str, Any]:
    return dict(read_template(templates.files["root.yaml"]))


def _imported(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["Fn::ImportValue"]} if "Fn::ImportValue" in value else set()
        return own.union(*map(_imported, value.values()))
    return set[str]().union(*map(_imported, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("mode", MODES)
def test_every_import_of_an_environment_is_an_export_of_its_network(tmp_path: Path, mode: str) -> None:
    """In each mode; its own template is clean."""
    network = compile_network(shared_network(tmp_path, "mode: private, zones: 3", mode))
    env = compile_environment(in_network(tmp_path))
    exports = {one["Export"]["Name"] for one in _read(network)["Outputs"].values()}
    imports = _imported(_read(env))
    assert "team-Vpc" in imports
    assert imports <= exports
    assert lint(network, region="us-west-2") == ()


def test_a_private_network_has_its_ways_out_once(tmp_path: Path) -> None:
    """NAT gateways, and one endpoint of S3 in every route table of tasks."""
    resources = _read(compile_network(shared_network(tmp_path)))["Resources"]
    kinds = [resource["Type"].rpartition("::")[2] for resource in resources.values()]
    assert (kinds.count("VPC"), kinds.count("NatGateway"), kinds.count("VPCEndpoint")) == (1, 1, 1)
    tables = resources["StorageEndpoint"]["Properties"]["RouteTableIds"]
    assert [one["Ref"] for one in tables] == ["PublicRouteTable", *(f"PrivateRouteTable{zone}" for zone in "ABC")]


def test_zones_are_given_where_not_every_one_has_fargate(tmp_path: Path) -> None:
    """A deploy tells them, as to an environment with a VPC of its own."""
    template = _read(compile_network(shared_network(tmp_path, "us-west-2", "ap-northeast-1")))
    assert list(template["Parameters"]) == ["ZoneA", "ZoneB", "ZoneC"]


def test_everything_is_described(tmp_path: Path) -> None:
    """Also what bears the name of an environment elsewhere."""
    template = _read(compile_network(shared_network(tmp_path)))
    for part in (*template["Outputs"].values(), *(one["Metadata"] for one in template["Resources"].values())):
        assert part["Description"]
        assert "this environment" not in part["Description"]
