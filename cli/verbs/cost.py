"""Prints what an environment costs by AWS's list prices, per resource, hour and month, without asking AWS.

Each price has a date and a source. The page lists what it assumes of usage and what the total leaves out. It also names
changes of the YAML that save money; each is priced by compiling it. An environment that sleeps until something is due
costs by the schedules of its DAGs, as far as their files say them.
"""

import dataclasses
import json
from pathlib import Path
from typing import Any, cast

from cli.command_line.parser import Parser, add_environment, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.cost.bill_page import Subject, page
from cli.cost.costing import bill_of
from cli.cost.rivals import rivals_data
from cli.cost.savings import Savings, savings
from cli.cost.sleep import Sleep, sleep_data
from cli.sleeping.awake_hours import awake_hours
from pricing.bill import Bill, Line
from pricing.table import PriceTable, price_table
from pricing.usage import ASSUMPTIONS
from spec.environment import Environment
from spec.reading.positioned_yaml import read


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    add_json(parser)


def run(call: Call) -> int:
    """Price, and print the bill."""
    env, path = selected(call), Path(call.options.env)
    home, table = path.parent / env.airflow.home, price_table()
    subject = Subject(
        name=env.name,
        region=env.aws.region,
        ttl=env.ttl,
        database=env.database.address,
        network=_shared(env),
    )
    bill = bill_of(env, home)
    sleep = Sleep(awake_hours(env, env.due, home), bill_of(env).monthly) if env.due else None
    document = read(path.read_text(encoding="utf-8-sig"), str(path)).value
    cheaper = savings(env, cast("dict[str, Any]", document), bill.monthly, project=path.parent, home=home)
    if call.options.json:
        call.screen.data(json.dumps(_data(subject, bill, table, cheaper) | sleep_data(sleep), indent=2))
    else:
        call.screen.data(page(subject, bill, table, cheaper, sleep))
    return 0


def _shared(env: Environment) -> str:
    """Return what the network is that others pay for too, and what prices it; empty for a network of its own."""
    shared, files = env.network.shared, " ".join(env.network.files)
    return f"the network {shared.name}, which `windsock network cost {files}` prices" if shared else ""


def _data(subject: Subject, bill: Bill, table: PriceTable, cheaper: Savings) -> dict[str, Any]:
    return {
        "environment": subject.name,
        "region": subject.region,
        "currency": "USD",
        "hourly": bill.hourly,
        "daily": bill.daily,
        "monthly": bill.monthly,
        "until_expiry": subject.lifetime_cost(bill),
        "lines": [_line(line) for line in bill.lines],
        "per_use": [_line(line) for line in bill.per_use],
        "unpriced": [dataclasses.asdict(missing) for missing in bill.unpriced],
        "savings": dataclasses.asdict(cheaper),
        "assumptions": ASSUMPTIONS,
        "not_included": subject.not_included,
        "prices": {
            "region": table.region,
            "hold_in_region": table.holds_in(subject.region),
            "date": table.date,
            "source": table.source,
        },
        **rivals_data(bill, table),
    }


def _line(line: Line) -> dict[str, Any]:
    return {**dataclasses.asdict(line), "monthly": line.monthly}
