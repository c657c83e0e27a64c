"""Finds the longest chain of waiting through compiled stacks, and through the resources of one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Path:
    """A chain of steps that wait for each other, in order, each with its minutes."""

    steps: tuple[tuple[str, float], ...] = ()

    @property
    def minutes(self) -> float:
        """How long the chain takes."""
        return sum(minutes for _, minutes in self.steps)

    def then(self, name: str, minutes: float) -> "Path":
        """Return the chain with one more link."""
        return Path((*self.steps, (name, minutes)))


def longest(resources: Resources, minutes: Callable[[str], float]) -> Path:
    """Return the chain that decides when all resources of a template exist."""

    @cache
    def until(name: str) -> Path:
        before = max((until(other) for other in _needs(resources, name)), key=lambda path: path.minutes, default=Path())
        return before.then(name, minutes(name))

    return max((until(name) for name in resources), key=lambda path: path.minutes, default=Path())


def _needs(resources: Resources, name: str) -> list[str]:
    """Return the resources that a resource waits for, in template order, which decides between chains of one length."""
    resource = resources[name]
    waits = resource.get("DependsOn", ())
    named = {waits} if isinstance(waits, str) else set(waits)
    named |= {*_mentioned(resource.get("Properties", {}))}
    return [other for other in resources if other in named]


def _mentioned(value: Any) -> Iterator[str]:
    """Yield the resources that a value refers to by Ref, GetAtt or Sub."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in {"Ref", "Fn::GetAtt", "Fn::Sub"} and isinstance(inner, str):
                yield from _names(key, inner)
            else:
                yield from _mentioned(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mentioned(inner)


def _names(intrinsic: str, text: str) -> Iterator[str]:
    if intrinsic != "Fn::Sub":
        yield text.partition(".")[0]
        return
    for part in text.split("${")[1:]:
        yield part.partition("}")[0].partition(".")[0]
