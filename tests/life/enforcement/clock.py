"""What an environment does by the clock: its services stop in the evening, and it deletes itself at its end."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from acceptance.schedule_checks import AFTER_CLOSING, EXTENSION, night
from deployer.lifetime.ttl import expiry, extend
from rehearsal.emulator.rules import fake_clock
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Removable, Trial

SECONDS = 120.0
POLL_SECONDS = 0.2
HOUR = timedelta(hours=1)
"""How often the schedule of an end calls again, until the environment is gone."""


def stops_in_the_evening(deployed: Deployed) -> bool:
    """Whether all schedules of the next evening may do what they call."""
    hours = deployed.env.schedule.hours if deployed.env.schedule else None
    assert hours is not None
    evening, _ = night(hours, datetime.fromtimestamp(fake_clock.now(deployed.emulator.directory), UTC))
    return not any(call["complaint"] for call in _calls_until(deployed, evening.astimezone(UTC) + AFTER_CLOSING))


def try_end(deployed: Deployed, removables: Sequence[Removable]) -> tuple[Trial, ...]:
    """Return which statements the end needs, one after the other; then let the environment end."""
    extend(deployed.env, deployed.owner, EXTENSION)  # until after the evenings of other trials
    moment = _end(deployed)
    trials = []
    for removable in removables:
        removable.remove()
        refused = any(call["complaint"] for call in _calls_until(deployed, moment))
        removable.restore()
        noticed = ("the end of the environment",) if refused else ()
        trials.append(Trial(removed=removable, noticed_by=noticed, needs=False))
        moment += HOUR
    calls = _calls_until(deployed, moment)
    assert not any(call["complaint"] for call in calls), calls
    _until(lambda: deployed.owner.cloudformation.stack(deployed.env.name) is None)
    return tuple(trials)


def _end(deployed: Deployed) -> datetime:
    stack = deployed.owner.cloudformation.stack(deployed.env.name)
    assert stack is not None
    end = expiry(deployed.owner, stack)
    assert end is not None
    return end + timedelta(seconds=1)


def _calls_until(deployed: Deployed, moment: datetime) -> Sequence[Mapping[str, Any]]:
    """Set the clock forward; return what the schedules called on the way."""
    directory = deployed.emulator.directory
    before = len(fake_clock.calls(directory))
    fake_clock.set_to(directory, moment.timestamp())
    _until(lambda: len(fake_clock.calls(directory)) > before)
    time.sleep(1)  # more than one schedule may call
    return [json.loads(line) for line in fake_clock.calls(directory)[before:]]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the schedules did not do it in time"
        time.sleep(POLL_SECONDS)
