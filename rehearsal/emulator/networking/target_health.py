"""Whether the targets of a load balancer answer their health check."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.emulator.rules.health import Health, Rules, State

EAGER_CHECK_SECONDS = 1.0
FIRST_CHECK_SECONDS = 0.5


@dataclass(frozen=True)
class Target:
    """One address in one target group."""

    group: str
    address: str
    port: int


@dataclass(frozen=True)
class Finding:
    """State, reason and description as DescribeTargetHealth words them."""

    state: str
    reason: str = ""
    description: str = ""


INITIAL = Finding("initial", "Elb.RegistrationInProgress", "Target registration is in progress")


class Watch:
    """Checks one target for as long as it is registered."""

    def __init__(
        self,
        target: Target,
        group: Mapping[str, Any],
        source: Callable[[], str | None],
        on_unhealthy: Callable[[Target, str], None],
    ) -> None:
        self.finding = INITIAL
        self._target = target
        self._group = group
        self._source = source
        self._on_unhealthy = on_unhealthy
        self._over = threading.Event()
        self._started = time.monotonic()
        threading.Thread(target=self._check, name=f"target {target.address}", daemon=True).start()

    def close(self) -> None:
        """Stop checking."""
        self._over.set()

    def _check(self) -> None:
        health, pause = Health(), FIRST_CHECK_SECONDS
        while not self._over.wait(pause):
            rules = group_rules(self._group)
            source = self._source()
            if source is None:
                continue
            complaint = probe(self._target, self._group, source)
            if self._over.is_set():
                return
            health = health.after(passed=not complaint, age=time.monotonic() - self._started, rules=rules)
            pause = health.pause(rules=rules, eager=EAGER_CHECK_SECONDS)
            self.finding = finding(health.state, complaint)
            if health.state is State.UNHEALTHY:
                self._on_unhealthy(self._target, complaint)


def finding(state: State, complaint: str) -> Finding:
    """Describe the health of a target in the words of DescribeTargetHealth."""
    if state is State.HEALTHY:
        return Finding("healthy")
    if state is State.UNHEALTHY:
        return Finding("unhealthy", reason_code(complaint), complaint)
    return INITIAL


def reason_code(complaint: str) -> str:
    """Return AWS's reason code for a complaint."""
    if "codes" in complaint:
        return "Target.ResponseCodeMismatch"
    return "Target.Timeout" if "timed out" in complaint else "Target.FailedHealthChecks"


def group_rules(group: Mapping[str, Any]) -> Rules:
    """Return the health check settings of a target group."""
    return Rules(
        interval=float(group.get("HealthCheckIntervalSeconds") or 30),
        timeout=float(group.get("HealthCheckTimeoutSeconds") or 5),
        successes=int(group.get("HealthyThresholdCount") or 5),
        failures=int(group.get("UnhealthyThresholdCount") or 2),
    )


def probe(target: Target, group: Mapping[str, Any], source: str) -> str:
    """Check a target once from an address; return the complaint, or nothing."""
    port = group.get("HealthCheckPort") or "traffic-port"
    number = target.port if port == "traffic-port" else int(port)
    connection = http.client.HTTPConnection(target.address, number, group_rules(group).timeout, (source, 0))
    try:
        connection.request("GET", group.get("HealthCheckPath") or "/", headers={"User-Agent": "ELB-HealthChecker/2.0"})
        status = connection.getresponse().status
    except TimeoutError:
        return "Request timed out"
    except (OSError, http.client.HTTPException):
        return "Health checks failed"
    finally:
        connection.close()
    wanted = str((group.get("Matcher") or {}).get("HttpCode") or "200")
    return "" if matches(status, wanted) else f"Health checks failed with these codes: [{status}]"


def matches(status: int, wanted: str) -> bool:
    """Whether a status is in a matcher such as `200,301-302`."""
    spans = [span.partition("-") for span in wanted.split(",")]
    return any(int(first) <= status <= int(last or first) for first, _, last in spans)
