"""Groups the resources of a difference that change alike, and words what all pages share."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.differences.differing import Differing
from deployer.differences.difference import Danger, Difference, Effect, PropertyChange, ResourceDifference
from deployer.differences.values import shown

_LONGEST = 60
_EFFECTS = {Effect.REPLACE: ", which replaces it", Effect.MAY_REPLACE: ", which may replace it", Effect.IN_PLACE: ""}
_COUNTED = {
    Danger.STATE: "with state at risk",
    Danger.REPLACED: "replaced",
    Danger.INTERRUPTED: "interrupted",
    Danger.CHANGED: "changed in place",
    Danger.ADDED: "added",
    Danger.REMOVED: "removed",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Resources of one danger that change alike; `title` names them, with the description of the first."""

    title: str
    danger: Danger
    consequence: str
    properties: tuple[PropertyChange, ...]
    causes: tuple[str, ...]


def entries(difference: Difference) -> Iterator[Entry]:
    """Yield the entries of a page, the worst first; what only follows from another replacement names that."""
    alike: dict[tuple[object, ...], list[ResourceDifference]] = {}
    for danger, resources in difference.by_danger():
        for resource in resources:
            key = (danger, resource.type, resource.consequence, _key(resource), resource.causes)
            alike.setdefault(key, []).append(resource)
    for resources_ in alike.values():
        first = resources_[0]
        yield Entry(
            title=_title(resources_),
            danger=first.danger,
            consequence=first.consequence,
            properties=first.properties,
            causes=first.causes,
        )


def property_line(change: PropertyChange) -> str:
    """Return a property in one line: both values, what its change does, and what brings it."""
    causes = f"  [{', '.join(change.causes)}]" if change.causes else ""
    if change.replaced:
        return f"{change.path}: {change.replaced} is replaced{causes}"
    both = f"{_short(change.before)} -> {_short(change.after)}"
    return f"{change.path}: {both}{_EFFECTS[change.effect]}{causes}"


def totals(difference: Difference) -> str:
    """Return how many resources of each kind of change there are."""
    counts = [f"{len(resources)} {_COUNTED[danger]}" for danger, resources in difference.by_danger()]
    return f"Resources: {', '.join(counts)}; {difference.unchanged} stay as they are."


def money(found: Differing) -> Iterator[str]:
    """Yield what a month costs, and cost before."""
    if found.monthly_before is None:
        yield f"A month costs {found.monthly_after:.2f} USD by list prices."
    elif round(found.monthly_before - found.monthly_after, 2):
        yield f"A month costs {found.monthly_after:.2f} USD by list prices, instead of {found.monthly_before:.2f}."
    else:
        yield f"A month costs {found.monthly_after:.2f} USD by list prices, as before."


def _key(resource: ResourceDifference) -> str:
    return repr(resource.properties)


def _title(resources: list[ResourceDifference]) -> str:
    first = resources[0]
    paths = ", ".join(resource.path for resource in resources)
    if len(resources) > 1 or not first.description:
        return f"{paths} ({first.type})"
    return f"{paths}: {first.description} ({first.type})"


def _short(value: object) -> str:
    text = shown(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
