"""Whole environments are priced, and nothing in them is overlooked."""

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from pricing.price import price
from pricing.table import PriceTable
from pricing.template import StackTemplate, stack_template
from tests.compiler.conftest import CASES, Case, compiled

SERVICE = {
    "S": {
        "Type": "AWS::ECS::Service",
        "Properties": {"TaskDefinition": {"Ref": "T"}, "DesiredCount": {"Ref": "SCount"}},
    },
    "T": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Cpu": "1024", "Memory": "1024"}},
}
FILES = {"F": {"Type": "AWS::EFS::FileSystem", "Properties": {"ThroughputMode": "elastic"}}}


def _stacks(case: Case) -> list[StackTemplate]:
    return [stack_template(name, read_template(case.templates.files[f"{name}.yaml"])) for name in case.templates.nested]


@pytest.mark.parametrize("name", CASES)
def test_every_type_is_priced_or_known_to_be_free(name: str) -> None:
    """A new resource type needs a tariff, or a line among the free ones."""
    unknown = [missing for missing in price(_stacks(compiled(name))).unpriced if "AWS::" in missing.why]
    assert unknown == []


def test_the_example_costs_its_sum_by_hand() -> None:
    """Two services, a small database and a load balancer, calculated here from the list."""
    case = compiled("smallest-2.5.3")
    sizes = [case.env.size(process) for process in case.env.processes]
    tasks = sum(size.cpu / 1024 * 0.04048 + size.memory / 1024 * 0.004445 for size in sizes) * 730
    addresses = (len(sizes) + 2) * 0.005 * 730
    balancer = (0.0225 + 0.1 * 0.008) * 730
    database = 0.016 * 730 + 20 * 0.115
    files = 0.30 + 8 * 0.03 + 2 * 0.06 + 0.1 * 0.023
    logs = len(sizes) * 0.2 * 0.53
    total = tasks + addresses + balancer + database + files + logs + 4 * 0.40 + 0.10
    assert price(_stacks(case)).monthly == pytest.approx(total)


def test_a_deployed_stack_costs_its_running_counts(table: PriceTable) -> None:
    """A parameter of the stack decides; without one a service runs one task."""
    one, three, none = (
        price([StackTemplate(name="services", resources=SERVICE, parameters=parameters)], table)
        for parameters in ({}, {"SCount": "3"}, {"SCount": "0"})
    )
    assert one.hourly > 0
    assert three.lines[0].hourly == pytest.approx(3 * one.lines[0].hourly)
    assert none.hourly == 0


def test_scheduled_resources_cost_only_their_hours(table: PriceTable) -> None:
    """A resource that stops at night costs its hours; files cost reads and writes while anything runs."""
    said = '{"Service":"${SService}","DesiredCount":%s}'
    schedules = {
        name: {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "ScheduleExpression": f"cron(0 {hour} ? * MON *)",
                "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:ecs:updateService", "Input": {"Fn::Sub": said % count}},
            },
        }
        for name, hour, count in (("Wakes", 8, "${SCount}"), ("Sleeps", 18, "0"))
    }
    services = StackTemplate(
        name="services", resources=SERVICE, outputs={"SService": {"Value": {"Fn::GetAtt": "S.Name"}}}
    )
    stacks = [
        services,
        stack_template("storage", {"Resources": FILES}),
        stack_template("office_hours", {"Resources": schedules}),
    ]
    lines = price(stacks, table).lines
    ten_a_week = pytest.approx(10 / 168 * 730)
    assert [(line.path, line.hours) for line in lines] == [
        ("services/S", ten_a_week),
        ("services/S", ten_a_week),
        ("storage/F", 730),
        ("storage/F", ten_a_week),
    ]


def test_an_unknown_type_is_unpriced(table: PriceTable) -> None:
    """The bill names the resource that it leaves out."""
    stacks = [StackTemplate(name="more", resources={"M": {"Type": "AWS::Neptune::DBCluster"}})]
    (missing,) = price(stacks, table).unpriced
    assert (missing.path, "AWS::Neptune::DBCluster" in missing.why) == ("more/M", True)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("ecs-")])
def test_workers_are_priced_per_use(name: str) -> None:
    """Their cost depends on the DAGs: the bill gives the price of an hour, outside the sum."""
    workers = compiled(name)
    bill = price(_stacks(workers))
    worker = next(line for line in bill.per_use if line.path == "platform/WorkerTaskDefinition")
    size = workers.env.workers_or_default
    weights = workers.env.workers_or_default.capacity.weights
    spot = weights.get("FARGATE_SPOT", 0) / sum(weights.values())
    rate = size.cpu / 1024 * 0.04048 + size.memory / 1024 * 0.004445
    assert worker.hourly == pytest.approx(rate * (1 - 0.65 * spot) + 0.005)
    assert worker.path not in {line.path for line in bill.lines}


def test_the_same_templates_cost_the_same() -> None:
    """Neither the clock nor chance decides on a price."""
    case = compiled("largest")
    again = compile_environment(case.env)
    stacks = [stack_template(name, read_template(again.files[f"{name}.yaml"])) for name in again.nested]
    assert price(stacks) == price(_stacks(case))
