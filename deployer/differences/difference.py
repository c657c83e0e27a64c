"""The difference of two template sets as a value: resources, permissions and ports, the dangerous ones first."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """What CloudFormation does to a resource when a property of it changes."""

    REPLACE = "replace"
    MAY_REPLACE = "may replace"
    IN_PLACE = "in place"


class Danger(StrEnum):
    """What a change does to a resource or to those who use it; the members stand in the order of the page."""

    STATE = "State at risk"
    REPLACED = "Replaced"
    INTERRUPTED = "Interrupted"
    CHANGED = "Changed in place"
    ADDED = "Added"
    REMOVED = "Removed"


@dataclass(frozen=True, kw_only=True)
class PropertyChange:
    """A property that differs: its path below `Properties`, both values as plain data, and the effect.

    None stands for a value that is absent. `replaced` is the logical path of a resource whose replacement changes the
    value although the template says the same; both values are equal then. `causes` says what brings the change, such
    as the key of the YAML with its line, as far as that is known.
    """

    path: str
    before: Any
    after: Any
    effect: Effect
    replaced: str = ""
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResourceDifference:
    """A resource that differs: its logical path, type and description, and what becomes of it.

    `consequence` is what people notice of the change; empty where nobody does. `causes` says what brings a resource
    that is added or removed; else its properties have their own.
    """

    path: str
    type: str
    description: str
    danger: Danger
    consequence: str = ""
    properties: tuple[PropertyChange, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def stack(self) -> str:
        """The nested stack that holds the resource; empty for the root."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A right that a policy gives or denies: who may do which actions, on what, and under which condition."""

    who: str
    effect: str
    actions: tuple[str, ...]
    resource: str
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class Port:
    """A rule of a security group: who reaches whom, by which protocol and ports."""

    source: str
    target: str
    ports: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Everything that differs; `unchanged` counts the resources that stay as they are."""

    resources: tuple[ResourceDifference, ...] = ()
    granted: tuple[Grant, ...] = ()
    revoked: tuple[Grant, ...] = ()
    opened: tuple[Port, ...] = ()
    closed: tuple[Port, ...] = ()
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.resources)

    def by_danger(self) -> Iterator[tuple[Danger, tuple[ResourceDifference, ...]]]:
        """Yield the resources of each danger that occurs, the worst first."""
        for danger in Danger:
            if found := tuple(each for each in self.resources if each.danger is danger):
                yield danger, found


NO_DIFFERENCE = Difference()
