"""Takes one thing away from a running environment, looks whether anything notices, and puts it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Removable:
    """Something that an environment may need: a rule of a security group, or a statement of a policy.

    `details` are the cells of its row in a table: what it allows, and to whom.
    """

    name: str
    details: tuple[str, ...]
    remove: Callable[[], None]
    restore: Callable[[], None]


@dataclass(frozen=True)
class Observation:
    """What works only with what was taken away; it returns within seconds, whether it works or not."""

    name: str
    works: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What was taken away, and the observations that failed without it; none when nothing noticed."""

    removed: Removable
    noticed_by: tuple[str, ...]
    needs: bool
    """Whether something used it in the rehearsal itself, before anything was taken away."""


class DoesNotWork(Exception):
    """An observation fails although nothing was taken away, so it says nothing."""


def try_without(removable: Removable, observations: Sequence[Observation], *, needs: bool) -> Trial:
    """Return which of the observations fail while something is taken away.

    Raises:
        DoesNotWork: an observation fails afterwards too.
    """
    removable.remove()
    try:
        failed = tuple(one for one in observations if not one.works())
    finally:
        removable.restore()
    for one in failed:
        if not one.works():
            raise DoesNotWork(f"{one.name}, with {removable.name} put back")
    return Trial(removed=removable, noticed_by=tuple(one.name for one in failed), needs=needs)
