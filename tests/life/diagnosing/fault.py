"""A fault that is planted in a running environment, found by `windsock diagnose`, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.life.diagnosing.site import Site

Act = Callable[[Site], None]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault by the name of its cause: what plants it, what takes it back, and the key or file that is named.

    `closely` is for what only a look for drift finds. With `name` alone, `planted` tells it from others of that name.
    """

    name: str
    planted: str
    plant: Act
    take_back: Act
    place: str = ""
    closely: bool = False


def steps(*acts: Act) -> Act:
    """Return what acts one after the other."""

    def act(site: Site) -> None:
        for one in acts:
            one(site)

    return act
