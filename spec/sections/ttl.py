"""The `ttl` key: the time after which an environment deletes itself."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.section import refuse

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=365)
WORDS = "write it as 90m, 12h, 3d or 2w"

_PATTERN = r"([1-9][0-9]{0,6})([mhdw])"
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def read_duration(text: str) -> timedelta | None:
    """Return the duration that a text such as `90m`, `12h`, `3d` or `2w` names; None for any other text."""
    match = re.fullmatch(_PATTERN, text)
    return int(match[1]) * _UNITS[match[2]] if match else None


def _ttl(value: str) -> str:
    duration = read_duration(value)
    if duration is None:
        refuse(f"{value!r} is no duration", hint=WORDS)
    if duration < SHORTEST:
        refuse(f"{value} is shorter than it takes to deploy", hint="use 10m or more")
    if duration > LONGEST:
        refuse(f"{value} is more than a year", hint="use at most 365d, or leave ttl out: it then lives until teardown")
    return value


Ttl = Annotated[str, AfterValidator(_ttl), Field(json_schema_extra={"pattern": f"^{_PATTERN}$"})]
