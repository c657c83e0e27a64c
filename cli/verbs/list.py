"""Lists the environments of an account and region with their branch, age, health, and cost per day, and the networks.

Needs no YAML, because root stacks have tags. The cost follows list prices and what is deployed; see `windsock cost`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cli.aws_access.account import open_region
from cli.command_line.parser import Parser, add_aws, add_json
from cli.command_line.verb import Call
from cli.terminal.screen import columns
from compiler.model.yaml_reader import read_template
from deployer.aws.session import Session
from deployer.lifetime.ttl import words
from deployer.list_environments import (
    ListedEnvironment,
    ListedNetwork,
    deployed_templates,
    list_account,
)
from pricing.price import price
from pricing.template import stack_template

_UNITS = (("d", 86400), ("h", 3600), ("m", 60))
_NETWORK_HEADS = ("NETWORK", "STACK", "ENVIRONMENTS", "USD/DAY")
_HEADS = ("NAME", "BRANCH", "AIRFLOW", "AGE", "HEALTH", "EXPIRES", "USD/DAY")


@dataclass(frozen=True)
class Row:
    """One environment with its age in seconds and its cost in USD a day."""

    listed: ListedEnvironment
    age: float
    daily: float


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_json(parser)
    add_aws(parser, of_environment=False)


def run(call: Call) -> int:
    """Print a line for each."""
    session = open_region(call)
    environments, networks = list_account(session)
    rows = [_row(session, listed) for listed in environments]
    if call.options.json:
        call.screen.data(json.dumps([_data(row) for row in rows], indent=2, default=str))
    elif rows:
        call.screen.data(table(rows))
    else:
        call.screen.data(f"There is no environment in account {session.account}, region {session.region}.")
    shared = [] if call.options.json else [(one, _daily(session, one)) for one in networks]
    if shared:
        call.screen.data(f"\n{network_table(shared)}")
    return 0


def table(rows: Iterable[Row]) -> str:
    """Return the rows as columns."""
    return columns([_HEADS, *(_cells(row) for row in rows)])


def network_table(networks: Iterable[tuple[ListedNetwork, float]]) -> str:
    """Return networks, each with its cost in USD a day, as columns."""
    return columns([_NETWORK_HEADS, *(_network_cells(listed, daily) for listed, daily in networks)])


def words_of_age(seconds: float) -> str:
    """Return an age in its largest two units, such as `3d 4h`."""
    said: list[str] = []
    left = max(int(seconds), 0)
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count or said:
            said.append(f"{count}{unit}")
    return " ".join(said[:2]) or "0m"


def _row(session: Session, listed: ListedEnvironment) -> Row:
    templates = deployed_templates(session, listed.stack)
    bill = price(stack_template(one.name, read_template(one.text), one.parameters) for one in templates)
    born = listed.created.timestamp() if listed.created else session.clock.now()
    return Row(listed, session.clock.now() - born, bill.daily)


def _daily(session: Session, listed: ListedNetwork) -> float:
    stack = listed.stack
    text = session.cloudformation.template(stack.id)
    return price([stack_template(stack.name, read_template(text), stack.parameters)]).daily


def _network_cells(listed: ListedNetwork, daily: float) -> tuple[str, ...]:
    status = listed.stack.status.lower().replace("_", " ")
    return listed.stack.name, status, ", ".join(listed.environments) or "none", f"{daily:7.2f}"


def _cells(row: Row) -> tuple[str, ...]:
    listed = row.listed
    facts = (listed.name, listed.branch or "-", listed.airflow_version or "-", words_of_age(row.age), listed.health)
    return (*facts, words(listed.expires) if listed.expires else "never", f"{row.daily:7.2f}")


def _data(row: Row) -> dict[str, Any]:
    listed = row.listed
    return {
        "name": listed.name,
        "branch": listed.branch or None,
        "airflow": listed.airflow_version or None,
        "stack": listed.stack.status,
        "created": listed.created,
        "health": listed.health,
        "expires": listed.expires,
        "usd_per_day": round(row.daily, 4),
    }
