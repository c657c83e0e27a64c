"""Promises of public subnets: services and workers get the same subnets and a public address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_every_service_gets_a_public_address(case: Case) -> None:
    """There is no NAT gateway: without an address of its own a task would reach neither image nor secrets."""
    assert case.env.network.public_addresses
    for service in case.resources("AWS::ECS::Service").values():
        network = service["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert network["AssignPublicIp"] == "ENABLED"
        assert network["Subnets"] == [{"Ref": "PublicSubnetA"}, {"Ref": "PublicSubnetB"}]


def test_workers_get_a_public_address(workers: Case) -> None:
    """The executor starts them as ECS starts the services."""
    assert workers.variables_of("Scheduler")["AIRFLOW__AWS_ECS_EXECUTOR__ASSIGN_PUBLIC_IP"] == "True"
