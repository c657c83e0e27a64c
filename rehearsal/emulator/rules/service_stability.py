"""Whether a service is stable, which CloudFormation waits for; judged from plain records of ECS."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FAILURES_ALLOWED = 3
"""The least threshold of the deployment circuit breaker of ECS."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """Stable, failed with a reason, or neither yet."""

    settled: bool = False
    failure: str = ""


def judge(
    service: Record, tasks: Sequence[Record], *, known: frozenset[str], ready: Callable[[Record], bool]
) -> Verdict:
    """Whether the service has become what the template wants.

    Args:
        service: the service's record.
        tasks: the records of its tasks, ended ones too.
        known: the `identities` from before the operation began; earlier failures do not count.
        ready: whether a task passes its health checks, the load balancer's included.
    """
    deployments = service.get("deployments") or ()
    broken = [one for one in deployments if one["rolloutState"] == "FAILED" and one["id"] not in known]
    failed = [task for task in tasks if _failed(task) and task["taskArn"] not in known]
    of_this_definition = [task for task in failed if task["taskDefinitionArn"] == service["taskDefinition"]]
    if broken or len(of_this_definition) >= FAILURES_ALLOWED:
        return Verdict(failure=_reason(service, failed))
    primary = next((one for one in deployments if one["status"] == "PRIMARY"), None)
    if primary is None or primary["rolloutState"] != "COMPLETED":
        return Verdict()
    up = [task for task in tasks if _current(task, service) and ready(task)]
    others = [task for task in tasks if task["lastStatus"] != "STOPPED" and not _current(task, service)]
    return Verdict(settled=len(up) == service["desiredCount"] and not others)


def identities(service: Record, tasks: Sequence[Record]) -> frozenset[str]:
    """Return the ids of the tasks and deployments that a service has at a moment."""
    return frozenset(task["taskArn"] for task in tasks) | {one["id"] for one in service.get("deployments") or ()}


def seconds(moment: str | float | None) -> float:
    """Convert a time stamp to seconds since the epoch; MiniStack keeps numbers and text."""
    if moment is None:
        return 0.0
    if isinstance(moment, int | float):
        return float(moment)
    return datetime.fromisoformat(moment).timestamp()


def _current(task: Record, service: Record) -> bool:
    return bool(task["lastStatus"] == "RUNNING" and task["taskDefinitionArn"] == service["taskDefinition"])


def _failed(task: Record) -> bool:
    """Whether a task ended although the scheduler did not stop it."""
    if task["lastStatus"] != "STOPPED":
        return False
    by_itself = task.get("stopCode") in ("EssentialContainerExited", "TaskFailedToStart")
    return by_itself or "health" in task["stoppedReason"]


def _reason(service: Record, failed: Sequence[Record]) -> str:
    text = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."
    if not failed:
        return text
    last = failed[-1]
    codes = [part["exitCode"] for part in last.get("containers") or () if part.get("exitCode") is not None]
    code = f" (exit code {', '.join(map(str, codes))})" if codes else ""
    name = service["serviceName"]
    return f"{text} {len(failed)} tasks of {name} failed; the last: {last['stoppedReason']}{code}"
