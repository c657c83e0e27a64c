"""Promises of subnets: one per availability zone, each with its routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    zones: dict[str, list[int]] = {}
    for title, subnet in case.resources("AWS::EC2::Subnet").items():
        index, _ = subnet["Properties"]["AvailabilityZone"]["Fn::Select"]
        zones.setdefault(title[:-1], []).append(index)
    assert all(indexes == [0, 1] for indexes in zones.values())
