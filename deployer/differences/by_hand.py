"""Says of what people changed by hand whether the YAML agrees with it, and what a deploy makes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from compiler.contract import DATABASE, PerProcess
from deployer.aws.stacks import PropertyDrift
from deployer.differences.difference import Difference, ResourceDifference
from deployer.differences.values import shown
from deployer.health.drift import COUNT, NO_TASK, SERVICE, HandChange

WHOLE = ""
"""The property of a change that is about the whole resource."""
_DATABASE = PerProcess.SERVICE.of(DATABASE)


class Outcome(StrEnum):
    """What the next deploy makes of a change by hand."""

    REACHED = "the YAML says the same now"
    KEPT = "a deploy keeps it"
    STARTED = "a deploy starts it again"
    REVERTED = "this deploy takes it back"
    AT_RISK = "this deploy changes the resource and may take it back"
    LEFT = "a deploy leaves it so; `windsock deploy --repair` takes it back"
    REMADE = "`windsock deploy --repair` makes it again"
    MADE_AGAIN = "this deploy makes it again"
    REMOVED = "the YAML does without it now"


@dataclass(frozen=True, kw_only=True)
class ChangeByHand:
    """One property that is `actual` by hand, was `deployed`, and is `wanted` by the YAML; all three as text.

    `wanted` is empty where the YAML still says what is deployed. `property` is empty where the resource is gone.
    """

    path: str
    type: str
    property: str
    deployed: str
    actual: str
    wanted: str
    outcome: Outcome


def changes_by_hand(
    found: Iterable[HandChange], difference: Difference, *, repairs: bool = False
) -> Iterator[ChangeByHand]:
    """Yield each property that somebody changed by hand; `difference` is what the YAML changes of what is deployed.

    `repairs` says that the deploy takes everything back.
    """
    changed = {resource.path: resource for resource in difference.resources}
    for change in found:
        resource = changed.get(change.path)
        if change.deleted:
            yield ChangeByHand(
                path=change.path,
                type=change.type,
                property=WHOLE,
                deployed="there",
                actual="gone",
                wanted="",
                outcome=_outcome_of_gone(resource, repairs=repairs),
            )
        yield from _of_properties(change, resource, repairs=repairs)


def _outcome_of_gone(resource: ResourceDifference | None, *, repairs: bool) -> Outcome:
    if repairs:
        return Outcome.MADE_AGAIN
    return Outcome.REMOVED if resource and not resource.properties else Outcome.REMADE


def _of_properties(change: HandChange, resource: ResourceDifference | None, *, repairs: bool) -> Iterator[ChangeByHand]:
    for one in change.properties:
        wanted = _wanted(one.path, resource)
        outcome = Outcome.REVERTED if repairs else _outcome(change, one, wanted, touched=resource is not None)
        yield ChangeByHand(
            path=change.path,
            type=change.type,
            property=one.path,
            deployed=one.expected,
            actual=one.actual,
            wanted=wanted,
            outcome=outcome,
        )


def _outcome(change: HandChange, one: PropertyDrift, wanted: str, *, touched: bool) -> Outcome:
    if wanted == one.actual:
        return Outcome.REACHED
    if (change.type, one.path) == (SERVICE, COUNT) and not change.path.endswith(f"/{_DATABASE}"):
        return Outcome.STARTED if one.actual == NO_TASK else Outcome.KEPT
    return Outcome.AT_RISK if touched else Outcome.LEFT


def _wanted(path: str, resource: ResourceDifference | None) -> str:
    """Return what the YAML says now of a property, where it says something else than what is deployed."""
    changes = resource.properties if resource else ()
    return next((shown(change.after) for change in changes if change.path == path), "")
