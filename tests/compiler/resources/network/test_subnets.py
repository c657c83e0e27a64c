"""Promises of subnets: one per availability zone, each with its routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_every_subnet_has_routes_and_gives_no_address(case: Case) -> None:
    """A task asks for its address itself; nothing else may have one."""
    subnets = case.resources("AWS::EC2::Subnet")
    routed = {
        association["Properties"]["SubnetId"]["Ref"]
        for association in case.resources("AWS::EC2::SubnetRouteTableAssociation").values()
    }
    assert routed == set(subnets)
    assert not any(subnet["Properties"]["MapPublicIpOnLaunch"] for subnet in subnets.values())


def test_subnets_of_a_kind_stand_in_two_zones(case: Case) -> None:
    """A zone may fail."""
    zones: dict[str, list[object]] = {}
    for title, subnet in case.resources("AWS::EC2::Subnet").items():
        zone = subnet["Properties"]["AvailabilityZone"]
        zones.setdefault(title[:-1], []).append(zone.get("Ref") or zone["Fn::Select"][0])
    assert all(found in ([0, 1], ["ZoneA", "ZoneB"]) for found in zones.values())


def test_where_fargate_is_not_in_every_zone_the_deployer_names_the_zones() -> None:
    """The root passes them on; in other regions it has no such parameters."""
    templates = compile_environment(minimal("us-west-2", "us-west-1"))
    network = read_template(templates.files["network.yaml"])
    zones = {
        title: resource["Properties"]["AvailabilityZone"]
        for title, resource in network["Resources"].items()
        if resource["Type"] == "AWS::EC2::Subnet"
    }
    assert {title: zone["Ref"] for title, zone in zones.items()} == {
        f"{kind}Subnet{zone}": f"Zone{zone}" for kind in ("Public", "Database") for zone in "AB"
    }
    assert {"ZoneA", "ZoneB"} <= set(read_template(templates.files["root.yaml"])["Parameters"])
    assert "ZoneA" not in compile_environment(minimal()).files["root.yaml"]
