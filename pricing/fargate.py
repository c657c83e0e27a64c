"""What Fargate charges: tasks by CPU, memory, architecture and capacity, with their public addresses and logs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pricing.bill import Line, Unpriced
from pricing.charge import Charge
from pricing.table import HOURS_PER_MONTH, PriceTable
from pricing.template import Properties
from pricing.usage import LOGS_GB_PER_SERVICE, LOOKS_PER_HOUR

TASK_DEFINITION = "AWS::ECS::TaskDefinition"
SERVICE = "AWS::ECS::Service"
SPOT = "FARGATE_SPOT"
UNITS_PER_VCPU = 1024
MIB_PER_GB = 1024
INCLUDED_STORAGE_GB = 20
ONE_TASK = 1.0
WORKER_REQUEST = "AIRFLOW__AWS_ECS_EXECUTOR__RUN_TASK_KWARGS"
WORKER = "WorkerTaskDefinition"
CODE_BUCKET = "WINDSOCK_CODE_BUCKET"
RELEASES_FOLDER = "WINDSOCK_RELEASES_FOLDER"
FOLLOWERS = ("airflow dag-processor", ".releases.run ")
"""What asks the bucket of releases all the time, as the commands of containers say."""


def service(charge: Charge) -> Iterator[Line | Unpriced]:
    """Price the tasks of an ECS service; an unknown count is one task."""
    definition = charge.stack.properties(charge.properties["TaskDefinition"])
    if definition is None:
        yield charge.unpriced("its task definition is in another stack")
        return
    tasks = charge.stack.number(charge.properties.get("DesiredCount"), ONE_TASK)
    spot = _spot_share(charge.properties.get("CapacityProviderStrategy", ()))
    rate = task_rate(charge.table, definition, spot)
    yield charge.line(task_words(definition, spot), rate * tasks)
    if has_public_address(charge.properties):
        yield charge.line("public IPv4 address", charge.table.amount("ipv4.hour") * tasks)
    gb_hour = LOGS_GB_PER_SERVICE / HOURS_PER_MONTH
    price = charge.table.amount("logs.ingested_gb") + charge.table.amount("logs.gb_month")
    yield charge.line("CloudWatch logs, assumed", gb_hour * price * bool(tasks))
    if _follows_releases(definition):
        asked = LOOKS_PER_HOUR / 1000 * charge.table.amount("s3.get_thousand")
        yield charge.line("S3, which release is current", asked * tasks)


def _follows_releases(definition: Properties) -> bool:
    """Whether a container asks S3 all the time which release of the code is current; a mounted folder has a link."""
    return any(
        {CODE_BUCKET, RELEASES_FOLDER}.intersection(one["Name"] for one in container.get("Environment", ()))
        == {CODE_BUCKET}
        and any(word in str(container.get("Command")) for word in FOLLOWERS)
        for container in definition.get("ContainerDefinitions", ())
    )


def uses(charge: Charge, worker_strategy: Sequence[Mapping[str, Any]], *, public_address: bool) -> Iterator[Line]:
    """Price an hour of a task that runs outside services, such as a worker; nothing for the others."""
    for _, service in charge.stack.of_type(SERVICE):
        if service["TaskDefinition"] == {"Ref": charge.logical_id}:
            return
    spot = _spot_share(worker_strategy) if charge.logical_id == WORKER else 0.0
    hourly = task_rate(charge.table, charge.properties, spot)
    hourly += charge.table.amount("ipv4.hour") * public_address
    item = task_words(charge.properties, spot) + (", with its address" if public_address else "")
    yield Line(path=charge.path, item=item, hourly=hourly, hours=1)


def strategy_of_workers(definition: Properties) -> Sequence[Mapping[str, Any]]:
    """Return the capacity that a scheduler requests for its workers; empty if it starts none."""
    for container in definition.get("ContainerDefinitions", ()):
        for variable in container.get("Environment", ()):
            if variable["Name"] == WORKER_REQUEST:
                strategy: Sequence[Mapping[str, Any]] = json.loads(variable["Value"])["capacity_provider_strategy"]
                return strategy
    return ()


def task_rate(table: PriceTable, definition: Properties, spot: float) -> float:
    """Return USD an hour of one task; a share `spot` (0 to 1) of its hours costs the planned price of Spot."""
    vcpus, gb, architecture = _size(definition)
    compute = vcpus * table.amount(f"fargate.{architecture}.vcpu_hour")
    memory = gb * table.amount(f"fargate.{architecture}.gb_hour")
    factor = 1 - spot * (1 - table.amount("fargate.spot_factor"))
    storage = max(0, _storage(definition) - INCLUDED_STORAGE_GB) * table.amount("fargate.ephemeral_gb_hour")
    return (compute + memory) * factor + storage


def task_words(definition: Properties, spot: float) -> str:
    """Return the description of a task."""
    vcpus, gb, architecture = _size(definition)
    capacity = {0.0: "on demand", 1.0: "Spot"}.get(spot, f"{spot:.0%} Spot")
    storage = f", {_storage(definition):g} GB disk" if _storage(definition) > INCLUDED_STORAGE_GB else ""
    return f"Fargate {vcpus:g} vCPU {gb:g} GB {architecture} {capacity}{storage}"


def _size(definition: Properties) -> tuple[float, float, str]:
    architecture = definition.get("RuntimePlatform", {}).get("CpuArchitecture", "X86_64").lower()
    return float(definition["Cpu"]) / UNITS_PER_VCPU, float(definition["Memory"]) / MIB_PER_GB, architecture


def _storage(definition: Properties) -> float:
    return float(definition.get("EphemeralStorage", {}).get("SizeInGiB", INCLUDED_STORAGE_GB))


def _spot_share(strategy: Sequence[Mapping[str, Any]]) -> float:
    """Return the share of tasks that a capacity provider strategy puts on Spot, in the spelling of AWS or boto."""
    weights = [{key.lower(): value for key, value in item.items()} for item in strategy]
    total = sum(float(item.get("weight", 0)) for item in weights)
    spot = sum(float(item.get("weight", 0)) for item in weights if item["capacityprovider"] == SPOT)
    return spot / total if total else 0.0


def has_public_address(properties: Properties) -> bool:
    """Whether each task of a service has a public address."""
    network = properties.get("NetworkConfiguration", {}).get("AwsvpcConfiguration", {})
    return bool(network.get("AssignPublicIp") == "ENABLED")
