"""Finds changes of the YAML that make an environment cheaper, each priced by compiling it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cli.cost.costing import bill_of
from cli.sleeping.awake_hours import awake_hours
from spec.environment import Environment
from spec.reading.load import validated
from spec.sections.schedules.due import Due

LEAST = 0.01
"""Share of the bill below which a saving is not worth a change."""

HOURS = {"on": "08:00-18:00 Mon-Fri", "timezone": "UTC"}
"""The office hours that are priced for an environment without any."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Saving:
    """A change of the YAML, as a line of it, and what it saves in USD a month when made alone."""

    change: str
    saves: float


@dataclass(frozen=True)
class Savings:
    """The possible changes, the largest saving first, and the monthly cost with all of them."""

    each: tuple[Saving, ...]
    monthly: float


@dataclass(frozen=True)
class _Change:
    line: str
    make: Callable[[Document], Document]


def savings(
    env: Environment, document: Document, monthly: float, *, project: Path = Path(), home: Path | None = None
) -> Savings:
    """Return what would make `env` cheaper; `document` is what its YAML says, `monthly` what it costs now.

    `project` is the folder of the YAML. The DAGs in its `home` tell what it saves to sleep unless something is due.
    """
    found: list[Saving] = []
    together, cheapest = document, monthly
    for change in _changes(env, home):
        alone = _priced(change.make(document), project, home)
        if alone is None or monthly - alone < LEAST * monthly:
            continue
        found.append(Saving(change.line, monthly - alone))
        with_it = _priced(change.make(together), project, home)
        if with_it is not None and with_it < cheapest:
            together, cheapest = change.make(together), with_it
    return Savings(tuple(sorted(found, key=lambda saving: -saving.saves)), cheapest)


def _changes(env: Environment, home: Path | None) -> Iterator[_Change]:
    """Yield possible changes, the least painful first; a protected environment keeps its database and its capacity."""
    yield _Change("fargate.architecture: arm64", lambda document: _with(document, "fargate", architecture="arm64"))
    if env.protect:
        return
    yield _Change("fargate.capacity: spot", lambda document: _with(document, "fargate", capacity="spot"))
    yield _Change("database.kind: container", lambda document: {**document, "database": _container(env)})
    yield _Change("web.load_balancer: none", _without_load_balancer)
    if home and not awake_hours(env, Due(when="due"), home).unread:
        yield _Change("schedule.when: due", lambda document: {"schedule": {"when": "due"}, **document})
    yield _Change(f'schedule.on: "{HOURS["on"]}"', lambda document: {"schedule": HOURS, **document})


def _priced(document: Document, project: Path, home: Path | None) -> float | None:
    """Return what an environment costs a month; None if its YAML would be refused."""
    try:
        env = validated(document, project)
    except ValidationError:
        return None
    return bill_of(env, home).monthly


def _with(document: Document, section: str, **values: str) -> Document:
    return {**document, section: {**document.get(section, {}), **values}}


def _container(env: Environment) -> Document:
    return {"kind": "container", "engine": "postgres", "version": env.airflow.release.databases["postgres"][-1]}


def _without_load_balancer(document: Document) -> Document:
    network = {key: value for key, value in document.get("network", {}).items() if key != "allowed_cidrs"}
    return {**_with(document, "web", load_balancer="none"), "network": network}
