"""Looks every minute what is due, and puts the environment to sleep when nothing is.

`python -m windsock_runtime.due.watch` runs beside the scheduler. When it ends, by a mistake or a signal, it starts
again: its first act is to let nothing stop, and to ring for whatever has stopped already.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ..json_log import JsonFormatter
from .alarm import ASLEEP, Alarm
from .stack import change_of_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .findings import Finding, Outlook

    Look = Callable[[datetime, timedelta, Iterable[Finding]], Outlook]

SECONDS = 30
SHORTEST = timedelta(hours=1)
"""A shorter sleep is not arranged: the database takes a quarter of an hour to stop and to start."""

NEVER = datetime.min.replace(tzinfo=timezone.utc)
RENEW, SAY_AGAIN = timedelta(days=1), timedelta(minutes=7)
"""How often the alarm of an environment that is awake is moved away again, and how often it says why it is awake.
The latter is long enough for one ring, with the minute by which EventBridge may be late."""

log = logging.getLogger(__name__)


def main() -> None:
    """Watch until the container ends."""
    # Airflow sets up logging when it is imported, and this process its own.
    from .heartbeat import last_heartbeat  # noqa: PLC0415  # see above
    from .look import look  # noqa: PLC0415  # see above

    console = logging.StreamHandler(sys.stdout)
    console.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[console], force=True)
    watch = Watch(Alarm.of_this_environment(), look, last_heartbeat, change_of_stack)
    while True:
        watch.look(datetime.now(tz=timezone.utc))
        time.sleep(SECONDS)


class Watch:
    """What was seen so far: since when nothing is due, and whether the environment is about to sleep."""

    def __init__(
        self, alarm: Alarm, look: Look, heartbeat: Callable[[], datetime | None], change: Callable[[], str]
    ) -> None:
        self._alarm, self._look, self._heartbeat, self._change = alarm, look, heartbeat, change
        self._rang_at: datetime | None = None
        self._told_at: datetime | None = None
        self._words, self._rings = "", True
        self._idle_since: datetime | None = None
        self._asleep_until: datetime | None = None

    def look(self, now: datetime) -> None:
        """Look once; whatever fails leaves the environment awake, and the next look tries again."""
        try:
            self._decide(now)
        except Exception:  # a look that fails is no reason to sleep
            self._idle_since = None
            log.exception("What is due could not be read or arranged")

    def _decide(self, now: datetime) -> None:
        change = self._change()
        if change and not self._asleep_until:
            # CloudFormation may write the same schedules; what it made anew is moved away when it is done.
            self._idle_since, self._told_at = None, None
            return
        if self._told_at is None:
            self._rang_at = self._alarm.recall(now) or self._rang_at
            self._stay(now, "Awake: it has just started")
        self._learn()
        settings = self._alarm.settings
        seen = self._look(now, settings.grace, settings.planned(now))
        until = self._alarm.rings(seen.next.at if seen.next else None, now)
        soonest = self._asleep_until or now + SHORTEST
        near = (f"{seen.next.what} is too near",) if seen.next and until < soonest else ()
        awake = (*seen.awake, *near, *([f"the stack is in {change}"] if change else []))
        if awake:
            self._idle_since = None
            self._stay(now, f"Awake: {'; '.join(awake)}")
            return
        worked_at = seen.worked_at or NEVER
        self._idle_since = max(self._idle_since or now, worked_at)
        if now - self._idle_since < settings.grace:
            works = now - worked_at < settings.grace
            self._stay(now, f"Awake: {'somebody works in Airflow' if works else 'nothing is due'}")
        elif not self._asleep_until:
            self._sleep(now, until, seen.next.what if seen.next else "nothing in sight")

    def _learn(self) -> None:
        """Note how long the scheduler took from the ring to its first heartbeat, once."""
        beat = self._heartbeat() if self._rang_at else None
        if beat and self._rang_at and beat > self._rang_at:
            self._alarm.started(beat - self._rang_at, self._words)
            self._rang_at = None

    def _sleep(self, now: datetime, until: datetime, what: str) -> None:
        """Arrange to sleep until it is needed for something."""
        words = f"{ASLEEP} until {until:%Y-%m-%d %H:%M} UTC for {what}"
        self._asleep_until = until
        self._alarm.sleep(now, until, words)
        log.info("%s", words)

    def _stay(self, now: datetime, words: str) -> None:
        """Stay awake: ring once where something may have stopped, and then be silent as long as Airflow answers."""
        if self._asleep_until or self._told_at is None:
            self._alarm.wake(words)
            self._rings = True
        elif now - self._told_at >= (RENEW if words == self._words and not self._rings else SAY_AGAIN):
            self._alarm.silence(now, words)
            self._rings = False
        else:
            return
        self._asleep_until, self._told_at, self._words = None, now, words
        log.info("%s", words)


if __name__ == "__main__":
    main()
