"""Words what people changed by hand since the last deploy, for every page."""

from collections.abc import Iterable, Iterator

from deployer.differences.by_hand import WHOLE, ChangeByHand

TITLE = "Changed by hand"
_LONGEST = 60


def hand_lines(changes: Iterable[ChangeByHand]) -> Iterator[str]:
    """Yield a line for each property, with what was deployed, what is there, and what becomes of it."""
    for change in changes:
        if change.property == WHOLE:
            yield f"{change.path} ({change.type}): it is gone; {change.outcome.value}"
            continue
        place = f"{change.path} {change.property}"
        wanted = f", and {_short(change.wanted)} by the YAML" if change.wanted else ""
        was = f"{_short(change.deployed)} was deployed, {_short(change.actual)} is there{wanted}"
        yield f"{place} ({change.type}): {was}; {change.outcome.value}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
