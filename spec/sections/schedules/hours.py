"""The kind `hours` of the `schedule` section: awake in hours of the week."""

import difflib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator

from spec.section import Section, refuse

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60
WEEK = 7 * DAY
"""In minutes, like every moment of the week here; the week begins on Monday at 00:00."""

SHORTEST = 60
"""Minutes that an environment is awake or asleep at least: a database takes its time to start and to stop."""

_SYNTAX = 'write it as "08:00-18:00 Mon-Fri", several of them with commas between'

_ALL_CHANGES = timedelta(weeks=3)
"""Each change of the week comes within this time, also when summer time leaves one out."""

_RANGE = r"(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d) (?P<days>.+)"
_TIME = r"([01]\d|2[0-3]):[0-5]\d|24:00"

Span = tuple[int, int]
"""First and last minute of the week; a span that reaches into the next week ends after `WEEK`."""


def _hours(value: str) -> str:
    spans = read_spans(value)
    awake = sum(end - start for start, end in spans)
    if awake >= WEEK:
        refuse("these hours never end", hint="leave schedule out for an environment that is always awake")
    following = [*spans[1:], (spans[0][0] + WEEK, 0)]
    if any(opening - end < SHORTEST for (_, end), (opening, _) in zip(spans, following, strict=True)):
        refuse(f"a pause here is shorter than {SHORTEST} minutes", hint="join the two ranges, or part them further")
    if any(end - start < SHORTEST for start, end in spans):
        refuse(f"a range here is shorter than {SHORTEST} minutes", hint="make it longer, or remove it")
    return value


def _timezone(value: str) -> str:
    known = {name for name in available_timezones() if "/" in name or name == "UTC"}
    if value not in known:
        near = difflib.get_close_matches(value, known, n=1) or [
            name for name in sorted(known) if name.rpartition("/")[2].lower() == value.lower()
        ]
        refuse(
            f"{value!r} is no IANA time zone",
            hint=f"did you mean {near[0]}?" if near else "such as Europe/Berlin, America/New_York or UTC",
        )
    return value


def read_spans(text: str) -> tuple[Span, ...]:
    """Return the spans in which an environment is awake, in order and without overlaps; refuses any other text."""
    spans = sorted(span for part in _ranges(text) for span in _read_range(part))
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    # The night of Sunday may reach into the hours of Monday.
    while len(joined) > 1 and joined[0][0] + WEEK <= joined[-1][1]:
        first, last = joined.pop(0), joined.pop()
        joined.append((last[0], max(last[1], first[1] + WEEK)))
    return tuple(joined)


def _ranges(text: str) -> Iterator[str]:
    """Yield each range; a comma before a time begins a new range, any other comma another day."""
    for part in re.split(r"\s*,\s*(?=\d)", text.strip()):
        yield re.sub(r"\s+", " ", part)


def _read_range(text: str) -> Iterator[Span]:
    match = re.fullmatch(_RANGE, text)
    if match is None:
        refuse(f"{text!r} are no hours", hint=_SYNTAX)
    start, end = _minute(match["start"]), _minute(match["end"])
    if start in {end, DAY}:
        refuse(f"{match['start']}-{match['end']} is no range", hint="a whole day is 00:00-24:00")
    for day in _days(match["days"]):
        yield day * DAY + start, day * DAY + end + (DAY if end < start else 0)


def _minute(text: str) -> int:
    if not re.fullmatch(_TIME, text):
        refuse(f"{text} is no time of day", hint="use 00:00 to 23:59, or 24:00 as an end")
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _days(text: str) -> Iterator[int]:
    for part in re.split(r"\s*,\s*|\s+", text):
        first, _, last = part.partition("-")
        for name in (first, last or first):
            if name not in DAYS:
                refuse(f"{name!r} is no day", hint=f"valid: {', '.join(DAYS)}")
        start, end = DAYS.index(first), DAYS.index(last or first)
        yield from (day % len(DAYS) for day in range(start, end + 1 + (len(DAYS) if end < start else 0)))


On = Annotated[str, AfterValidator(_hours)]
Timezone = Annotated[str, AfterValidator(_timezone)]


class Hours(Section):
    """The hours of the week in which the environment is awake; outside of them its services and its database stop."""

    when: Literal["hours"] = "hours"
    """`hours`: awake in hours of the week. Default hours."""

    on: On
    """When it is awake, such as "08:00-18:00 Mon-Fri"; several ranges with commas between. A range that ends before
    it starts goes on into the next day. Awake and asleep last an hour at least. No default."""

    timezone: Timezone
    """IANA time zone of these hours, such as Europe/Berlin, with its summer time. No default."""

    @property
    def hours(self) -> "Hours":
        """The hours of the week in which it is awake: this section."""
        return self

    @property
    def due(self) -> None:
        """What says that it wakes for what is due: nothing, it wakes by the clock."""
        return

    @property
    def spans(self) -> tuple[Span, ...]:
        """From when to when it is awake, in minutes of the week."""
        return read_spans(self.on)

    def is_open(self, moment: datetime) -> bool:
        """Whether it is awake at an aware moment."""
        *_, (_, wakes) = self._changes(moment - _ALL_CHANGES, moment)
        return wakes

    def next_change(self, moment: datetime) -> datetime:
        """Return when it next wakes or goes to sleep after an aware moment, in the time zone of the hours."""
        awake = self.is_open(moment)
        return next(change for change, wakes in self._changes(moment, moment + _ALL_CHANGES) if wakes != awake)

    def _changes(self, after: datetime, until: datetime) -> Iterator[tuple[datetime, bool]]:
        """Yield when it wakes (True) or goes to sleep (False) after one moment and until another.

        EventBridge Scheduler skips a time that summer time leaves out, and calls once at a time that comes twice:
        https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
        """
        zone = ZoneInfo(self.timezone)
        edges = sorted(
            (moment % WEEK, wakes) for start, end in self.spans for moment, wakes in ((start, True), (end, False))
        )
        midnight = datetime.combine(after.astimezone(zone), time())
        while midnight <= until.astimezone(zone).replace(tzinfo=None):
            for minute, wakes in edges:
                # Added without a zone: these hours are what a clock on the wall shows, whatever summer time does.
                wall = midnight + timedelta(minutes=minute % DAY)
                change = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
                exists = change.replace(tzinfo=None) == wall
                if minute // DAY == midnight.weekday() and exists and after < change.astimezone(UTC) <= until:
                    yield change, wakes
            midnight += timedelta(days=1)
