"""Groups the resources of a difference that change alike, and words what all pages share."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.differences.differing import Differing
from deployer.differences.difference import Danger, Difference, Effect, PropertyChange, ResourceDifference
from deployer.differences.values import shown

_LONGEST = 60
_EFFECTS = {Effect.REPLACE: ", which replaces it", Effect.MAY_REPLACE: ", which may replace it", Effect.IN_PLACE: ""}
_TELLS_REPLACEMENT = frozenset({Danger.STATE, Danger.REPLACED})
_PARTITION, _PLACE = "arn:${AWS::Partition}:", "${AWS::Region}:${AWS::AccountId}:"
"""What every ARN of an environment has in common."""

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
    """Resources of one danger, and the properties that change alike in all of them.

    `title` names the resources, a single one with its description. `lines` are the properties and the causes.
    """

    title: str
    danger: Danger
    consequence: str
    lines: tuple[str, ...]


def entries(difference: Difference) -> Iterator[Entry]:
    """Yield the entries of a page, the worst first; what several resources have in common is told once."""
    for danger, resources in difference.by_danger():
        alike: dict[tuple[str, str], list[ResourceDifference]] = {}
        for resource in resources:
            alike.setdefault((resource.type, resource.consequence), []).append(resource)
        for group in alike.values():
            yield from _of_group(danger, group)


def _of_group(danger: Danger, group: list[ResourceDifference]) -> Iterator[Entry]:
    holders: dict[str, list[ResourceDifference]] = {}
    for resource in group:
        for line in _lines(resource) or [""]:
            holders.setdefault(line, []).append(resource)
    lines: dict[tuple[str, ...], list[str]] = {}
    for line, resources in holders.items():
        lines.setdefault(tuple(resource.path for resource in resources), []).append(line)
    for paths, told in lines.items():
        first = next(resource for resource in group if resource.path == paths[0])
        yield Entry(
            title=_title(paths, first),
            danger=danger,
            consequence=first.consequence,
            lines=tuple(line for line in told if line),
        )


def _lines(resource: ResourceDifference) -> list[str]:
    """Return the lines of a resource, each once."""
    replaces = resource.danger in _TELLS_REPLACEMENT
    properties = [property_line(change, replaces=replaces) for change in resource.properties]
    return list(dict.fromkeys([*properties, *(f"because of {cause}" for cause in resource.causes)]))


def property_line(change: PropertyChange, *, replaces: bool = True) -> str:
    """Return a property in one line: both values, what brings it and, with `replaces`, whether it replaces."""
    causes = f"  [{', '.join(change.causes)}]" if change.causes else ""
    if change.replaced:
        return f"{change.path}: {change.replaced} is replaced{causes}"
    effect = _EFFECTS[change.effect] if replaces else ""
    return f"{change.path}: {_short(change.before)} -> {_short(change.after)}{effect}{causes}"


def right_lines(difference: Difference) -> Iterator[str]:
    """Yield who may do more, then who may do less, one right a line."""
    words = (
        ("may now", "Allow", difference.granted),
        ("is denied no more", "Deny", difference.revoked),
        ("may no more", "Allow", difference.revoked),
        ("is denied now", "Deny", difference.granted),
    )
    for verb, effect, rights in words:
        for right in rights:
            if right.effect == effect:
                condition = ", under a condition" if right.condition else ""
                resource = right.resource.replace(_PARTITION, "").replace(_PLACE, "")
                yield f"{right.who.replace(_PARTITION, '')} {verb}: {', '.join(right.actions)} on {resource}{condition}"


def port_lines(difference: Difference) -> Iterator[str]:
    """Yield which connections are opened, then which are closed; the two rules of one are told once."""
    for verb, ports in (("opened", difference.opened), ("closed", difference.closed)):
        both = dict.fromkeys((port.source, port.target, port.ports.partition(" (")[0]) for port in ports)
        for source, target, numbers in both:
            yield f"{verb}: {source} to {target}, {numbers}"


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


def _title(paths: tuple[str, ...], first: ResourceDifference) -> str:
    if len(paths) > 1 or not first.description:
        return f"{', '.join(paths)} ({first.type})"
    return f"{first.path}: {first.description} ({first.type})"


def _short(value: object) -> str:
    text = shown(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
