"""The outage of availability zones: a file beside the emulator describes it, which a test may write."""

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

OUTAGE_NAME = "zone_outage.json"


@dataclass(frozen=True)
class Outage:
    """Zones that do not answer, such as `eu-central-1a`, and the seconds after which AWS notices; `began` is set."""

    zones: tuple[str, ...] = ()
    noticed_after: float = 60.0
    began: float = 0.0

    @property
    def is_noticed(self) -> bool:
        """Whether ECS and RDS know of it by now."""
        return time.time() >= self.began + self.noticed_after


def put_outage(directory: Path, outage: Outage) -> None:
    """Let an outage of an emulator begin; one without zones is its end."""
    draft = directory / f"{OUTAGE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(replace(outage, began=time.time()))), encoding="utf-8")
    draft.replace(directory / OUTAGE_NAME)


def current_outage(directory: Path) -> Outage:
    """Return the outage of an emulator; without one, that of no zone."""
    file = directory / OUTAGE_NAME
    if not file.exists():
        return Outage()
    said = json.loads(file.read_text(encoding="utf-8"))
    return Outage(tuple(said["zones"]), float(said["noticed_after"]), float(said["began"]))
