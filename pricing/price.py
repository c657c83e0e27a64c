"""Prices the templates of an environment, compiled or deployed, without AWS and without the clock."""

from collections.abc import Iterable, Iterator, Mapping

from pricing.bill import Bill, Line, Unpriced
from pricing.charge import Charge
from pricing.fargate import SERVICE, TASK_DEFINITION, has_public_address, strategy_of_workers, uses
from pricing.schedule import hours_of
from pricing.table import HOURS_PER_MONTH, PriceTable, price_table
from pricing.tariffs import FILE_SYSTEM, FREE, TARIFFS
from pricing.template import StackTemplate


def price(stacks: Iterable[StackTemplate], table: PriceTable | None = None, awake_hours: float | None = None) -> Bill:
    """Return what an environment costs.

    `stacks` are its nested stacks. A parameter that decides on a price, such as the count of a service, comes from the
    parameters of its stack; an unknown count is one. A resource with a schedule costs for the hours in which it runs:
    `awake_hours` of a month, where the schedules do not say.
    """
    everything = tuple(stacks)
    charges = tuple(_charges(everything, hours_of(everything, awake_hours), table or price_table()))
    priced = [line for charge in charges for line in _priced(charge)]
    return Bill(
        lines=tuple(line for line in priced if isinstance(line, Line)),
        per_use=tuple(_per_use(charges)),
        unpriced=tuple(line for line in priced if isinstance(line, Unpriced)),
    )


def _charges(stacks: Iterable[StackTemplate], hours: Mapping[str, float], table: PriceTable) -> Iterator[Charge]:
    services = [f"{stack.name}/{name}" for stack in stacks for name, _ in stack.of_type(SERVICE)]
    running = max((hours.get(path, HOURS_PER_MONTH) for path in services), default=HOURS_PER_MONTH)
    files = [files for stack in stacks for _, files in stack.of_type(FILE_SYSTEM)]
    elastic = any(properties.get("ThroughputMode") == "elastic" for properties in files)
    for stack in stacks:
        for name, resource in stack.resources.items():
            yield Charge(
                stack=stack,
                logical_id=name,
                properties=resource.get("Properties", {}),
                table=table,
                hours=hours.get(f"{stack.name}/{name}", HOURS_PER_MONTH),
                running=running,
                traffic_costs=elastic,
            )


def _priced(charge: Charge) -> Iterator[Line | Unpriced]:
    type_ = charge.stack.resources[charge.logical_id]["Type"]
    if type_ in TARIFFS:
        yield from TARIFFS[type_](charge)
    elif type_ not in FREE:
        yield charge.unpriced(f"{type_} is not in the table")


def _per_use(charges: Iterable[Charge]) -> Iterator[Line]:
    charges = tuple(charges)
    services = (properties for charge in charges for _, properties in charge.stack.of_type(SERVICE))
    public = any(map(has_public_address, services))
    definitions = [c for c in charges if c.stack.resources[c.logical_id]["Type"] == TASK_DEFINITION]
    strategy = next(filter(None, (strategy_of_workers(charge.properties) for charge in definitions)), ())
    for charge in definitions:
        yield from uses(charge, strategy, public_address=public)
