"""When checks make something healthy or unhealthy: the rules that ECS and load balancers share."""

from dataclasses import dataclass, replace
from enum import StrEnum

PUNCTUAL = 0.9
"""This share of the interval counts as the whole one, since clocks and checks are not exact."""


class State(StrEnum):
    """The health of a container or target."""

    UNKNOWN = "UNKNOWN"
    HEALTHY = "HEALTHY"
    UNHEALTHY = "UNHEALTHY"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How often to check, and how many checks decide. Times are in seconds."""

    interval: float
    timeout: float
    successes: int
    failures: int
    start_period: float = 0.0
    """Failures this soon after the start do not count."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """The result of the checks so far."""

    state: State = State.UNKNOWN
    good: int = 0
    bad: int = 0
    failed_at: float = 0.0
    """Age at the last failure that counted."""

    def after(self, *, passed: bool, age: float, rules: Rules) -> "Health":
        """Return the health after one more check, `age` seconds after the start.

        Failures count neither within the start period nor more often than once per interval. The emulator checks more
        often than AWS at first, so that it finds health early, but never a failure.
        """
        if passed:
            good = self.good + 1
            return replace(self, state=State.HEALTHY if good >= rules.successes else self.state, good=good, bad=0)
        if age < rules.start_period or age - self.failed_at < rules.interval * PUNCTUAL:
            return replace(self, good=0)
        bad = self.bad + 1
        state = State.UNHEALTHY if bad >= rules.failures else self.state
        return Health(state=state, bad=bad, failed_at=age)

    def pause(self, *, rules: Rules, eager: float) -> float:
        """Seconds until the next check: `eager` until it is first healthy, then as the rules say."""
        return rules.interval if self.state is not State.UNKNOWN else min(eager, rules.interval)


def overall(states: list[State]) -> State:
    """Return the health of a task from its checked essential containers."""
    if State.UNHEALTHY in states:
        return State.UNHEALTHY
    if states and all(state is State.HEALTHY for state in states):
        return State.HEALTHY
    return State.UNKNOWN
