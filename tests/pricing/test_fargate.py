"""Fargate tasks are priced by size, architecture, capacity and hours."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pricing.bill import Line, Unpriced
from pricing.fargate import SERVICE, TASK_DEFINITION, service, strategy_of_workers, task_rate, task_words, uses
from pricing.table import PriceTable
from tests.pricing.conftest import Charged

DEFINITION = {"Cpu": "512", "Memory": "1024"}
ON_SPOT = [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
PUBLIC = {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}


def _lines(charged: Charged, more: dict[str, Any] | None = None, **hours: float) -> list[Line | Unpriced]:
    properties = {"TaskDefinition": {"Ref": "Definition"}, **(more or {})}
    others = {"Definition": {"Type": TASK_DEFINITION, "Properties": DEFINITION}}
    return list(service(charged(SERVICE, properties, others, **hours)))


def _hourly(line: Line | Unpriced) -> float:
    assert isinstance(line, Line)
    return line.hourly


def test_a_task_costs_its_size_on_its_architecture(table: PriceTable) -> None:
    """Half a vCPU and a GB; ARM has its own prices."""
    arm = {**DEFINITION, "RuntimePlatform": {"CpuArchitecture": "ARM64"}}
    assert task_rate(table, DEFINITION, 0.0) == pytest.approx(0.02 + 0.004)
    assert task_rate(table, arm, 0.0) == pytest.approx(0.015 + 0.003)
    assert task_words(arm, 1.0) == "Fargate 0.5 vCPU 1 GB arm64 Spot"


def test_spot_is_cheaper_by_its_share(table: PriceTable) -> None:
    """All of it costs the planned price, or the share that the weights put on Spot."""
    assert task_rate(table, DEFINITION, 1.0) == pytest.approx(0.012)
    assert task_rate(table, DEFINITION, 0.75) == pytest.approx(0.024 * (0.25 + 0.75 * 0.5))
    assert task_words(DEFINITION, 0.75).endswith("75% Spot")


def test_only_disk_beyond_the_included_size_costs(table: PriceTable) -> None:
    """20 GB are free; Spot does not make the rest cheaper."""
    large = {**DEFINITION, "EphemeralStorage": {"SizeInGiB": 21}}
    assert task_rate(table, large, 1.0) == pytest.approx(0.012 + 1.0)
    assert "21 GB disk" in task_words(large, 1.0)
    assert task_rate(table, {**DEFINITION, "EphemeralStorage": {"SizeInGiB": 20}}, 0.0) == pytest.approx(0.024)


def test_a_service_without_a_count_runs_one_task(charged: Charged) -> None:
    """Its count is a parameter that is 0 until the database is ready; the price is the one after that."""
    task, logs = _lines(charged, {"DesiredCount": {"Ref": "SchedulerCount"}})
    assert _hourly(task) == pytest.approx(0.024)
    assert isinstance(logs, Line)
    assert logs.item.startswith("CloudWatch logs")


def test_a_service_without_tasks_costs_nothing(charged: Charged) -> None:
    """Neither tasks, nor addresses, nor logs."""
    assert [_hourly(line) for line in _lines(charged, {"DesiredCount": 0, "NetworkConfiguration": PUBLIC})] == [0, 0, 0]


def test_every_public_task_costs_an_address(charged: Charged) -> None:
    """Two tasks in public subnets are two addresses; in private ones none."""
    _, addresses, _ = _lines(charged, {"DesiredCount": 2, "NetworkConfiguration": PUBLIC})
    assert _hourly(addresses) == pytest.approx(0.01)
    assert len(_lines(charged, {"DesiredCount": 2})) == 2


def test_a_service_costs_its_hours(charged: Charged) -> None:
    """Tasks, addresses and logs end with the office hours."""
    lines = _lines(charged, {"NetworkConfiguration": PUBLIC, "CapacityProviderStrategy": ON_SPOT}, hours=200)
    assert [line.hours for line in lines if isinstance(line, Line)] == [200, 200, 200]
    assert _hourly(lines[0]) == pytest.approx(0.012)


def test_a_task_definition_in_another_stack_is_unpriced(charged: Charged) -> None:
    """The bill says that the service is missing."""
    (line,) = service(charged(SERVICE, {"TaskDefinition": {"Ref": "Elsewhere"}}))
    assert isinstance(line, Unpriced)


def test_what_follows_releases_asks_s3(charged: Charged, table: PriceTable) -> None:
    """The DAG processor of Airflow 3, scheduler and triggerer of Airflow 2; nobody where there are no releases."""
    variable = {"Name": "WINDSOCK_CODE_BUCKET", "Value": "code"}
    amounts = {}
    for command in ("exec airflow dag-processor", "exec python -m x.releases.run scheduler", "exec airflow webserver"):
        definition = {**DEFINITION, "ContainerDefinitions": [{"Command": [command], "Environment": [variable]}]}
        others = {"Definition": {"Type": TASK_DEFINITION, "Properties": definition}}
        lines = service(charged(SERVICE, {"TaskDefinition": {"Ref": "Definition"}}, others))
        amounts[command] = [line.hourly for line in lines if isinstance(line, Line) and "S3" in line.item]
    asked = [pytest.approx(0.9 * table.amount("s3.get_thousand"))]
    assert list(amounts.values()) == [asked, asked, []]


def test_only_tasks_without_a_service_are_per_use(charged: Charged) -> None:
    """A worker, on the capacity that the scheduler requests; the tasks of services are in the bill already."""
    charge = charged(TASK_DEFINITION, DEFINITION)
    (command,) = uses(charge, ON_SPOT, public_address=True)
    assert command.hourly == pytest.approx(0.024 + 0.005)
    (spot,) = uses(replace(charge, logical_id="WorkerTaskDefinition"), ON_SPOT, public_address=False)
    assert spot.hourly == pytest.approx(0.012)
    kept = charged(
        TASK_DEFINITION, DEFINITION, {"S": {"Type": SERVICE, "Properties": {"TaskDefinition": {"Ref": "It"}}}}
    )
    assert list(uses(kept, (), public_address=True)) == []


def test_the_capacity_of_workers_is_read_from_the_scheduler() -> None:
    """Its request is JSON in a variable, in the spelling of boto; other containers request nothing."""
    request = json.dumps({"capacity_provider_strategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 3}]})
    variables = [{"Name": "A", "Value": "b"}, {"Name": "AIRFLOW__AWS_ECS_EXECUTOR__RUN_TASK_KWARGS", "Value": request}]
    definition = {"ContainerDefinitions": [{"Environment": variables}]}
    assert strategy_of_workers(definition) == [{"capacityProvider": "FARGATE_SPOT", "weight": 3}]
    assert strategy_of_workers({"ContainerDefinitions": [{}]}) == ()
