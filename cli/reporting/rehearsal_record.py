"""Reads what a rehearsal has left for a report: its steps, as `windsock rehearse --json` prints them, and pictures."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cli.command_line.parser import UsageRefusal

_KINDS: Mapping[str, str] = MappingProxyType({".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"})


@dataclass(frozen=True, kw_only=True)
class Act:
    """A step of a rehearsal: its seconds, its share of the longest step in percent, and what was seen."""

    name: str
    seconds: float
    share: float
    saw: str


@dataclass(frozen=True, kw_only=True)
class RehearsalRecord:
    """A rehearsal that ended well: how long it took, and its steps in their order."""

    environment: str
    seconds: float
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Screenshot:
    """A picture, as an address that contains it, and its name in words."""

    words: str
    address: str


def read_record(path: Path) -> RehearsalRecord:
    """Read what `windsock rehearse --json` has printed; raises `UsageRefusal` for anything else."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        acts = [(str(act["name"]), float(act["seconds"]), str(act["saw"])) for act in given["acts"]]
        name, seconds = str(given["environment"]), float(given["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageRefusal(
            f"{path} is no record of a rehearsal.", next_step="`windsock rehearse ENV --json > FILE` writes one."
        ) from None
    longest = max((took for _, took, _ in acts), default=0.0) or 1.0
    return RehearsalRecord(
        environment=name,
        seconds=seconds,
        acts=tuple(
            Act(name=act, seconds=took, share=round(100 * took / longest, 1), saw=saw) for act, took, saw in acts
        ),
    )


def read_screenshots(paths: Sequence[Path]) -> tuple[Screenshot, ...]:
    """Read pictures, which the page will contain; raises `UsageRefusal` for a file that is none."""
    return tuple(map(_screenshot, paths))


def _screenshot(path: Path) -> Screenshot:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or not path.is_file():
        raise UsageRefusal(f"{path} is no picture.", next_step=f"Give files that end with {', '.join(_KINDS)}.")
    content = b64encode(path.read_bytes()).decode()
    return Screenshot(path.stem.replace("-", " ").replace("_", " "), f"data:{kind};base64,{content}")
