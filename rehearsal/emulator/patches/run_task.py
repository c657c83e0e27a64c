"""The calls of an executor that runs its own tasks: refused as ECS does, with sizes, lag and injected faults."""
# ruff: noqa: SLF001  what needs correcting is not public

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.services import ecs

from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.rules.fault_injection import FaultInjection
from rehearsal.emulator.rules.lag import Lag

RUN = "RunTask"
DESCRIBE = "DescribeTasks"
LIST = "ListTasks"
WATCHED = (RUN, DESCRIBE, "StopTask")
OVERRIDE_CHARACTERS = 8192
"""Source: RunTaskRequest.overrides, Amazon ECS API reference."""
SIZES: Mapping[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4097, 1024)),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
    8192: tuple(range(16384, 61441, 4096)),
    16384: tuple(range(32768, 122881, 8192)),
}
"""MiB that go with CPU units. Source: "Task CPU and memory", Amazon ECS Developer Guide."""

Answer = Any
Answering = Callable[[dict[str, Any]], Answer]


def apply(faults: FaultInjection) -> None:
    """Wrap the calls."""
    undescribed, unlisted = Lag(), Lag()
    rebind_action(ecs, RUN, partial(_running, (undescribed, unlisted)))
    rebind_action(ecs, DESCRIBE, partial(_describing, undescribed))
    rebind_action(ecs, LIST, partial(_listing, unlisted))
    for action in WATCHED:
        rebind_action(ecs, action, partial(_watched, faults, action))


def _running(lags: tuple[Lag, ...], answer: Answering) -> Answering:
    def run(request: dict[str, Any]) -> Answer:
        status, headers, body = _run(request, answer)
        for task in json.loads(body).get("tasks", ()):
            for lag in lags:
                lag.start(task["taskArn"])
        return status, headers, body

    return run


def _describing(late: Lag, answer: Answering) -> Answering:
    """Answer for a task that was just started as for one that there is not."""

    def describe(request: dict[str, Any]) -> Answer:
        status, headers, body = answer(request)
        answered = json.loads(body)
        unseen = [task["taskArn"] for task in answered.get("tasks", ()) if not late.look(task["taskArn"])]
        if not unseen:
            return status, headers, body
        answered["tasks"] = [task for task in answered["tasks"] if task["taskArn"] not in unseen]
        answered["failures"] = [
            *answered.get("failures", ()),
            *({"arn": arn, "reason": "MISSING"} for arn in unseen),
        ]
        return status, headers, json.dumps(answered).encode()

    return describe


def _listing(late: Lag, answer: Answering) -> Answering:
    """Leave out of a listing a task that was just started."""

    def list_tasks(request: dict[str, Any]) -> Answer:
        status, headers, body = answer(request)
        answered = json.loads(body)
        listed = answered.get("taskArns", ())
        answered["taskArns"] = [arn for arn in listed if late.look(arn)]
        return (status, headers, json.dumps(answered).encode()) if listed else (status, headers, body)

    return list_tasks


def _watched(faults: FaultInjection, action: str, answer: Answering) -> Answering:
    def watched(request: dict[str, Any]) -> Answer:
        faults.log_call(action)
        fault = faults.take(action)
        if fault and fault.error:
            return ecs.error_response_json(fault.error, fault.message or "Rate exceeded", 400)
        if fault:
            failure = {"reason": fault.failure, "detail": fault.message}
            return ecs.json_response({"tasks": [], "failures": [failure]})
        return answer(request)

    return watched


def _run(request: dict[str, Any], answer: Answering) -> Answer:
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", ""))) or {}
    overrides = request.get("overrides") or {}
    size = {key: str(overrides.get(key) or definition.get(key) or 0) for key in ("cpu", "memory")}
    complaint = refusal(request) or _unknown_cluster(request) or _unknown_size(overrides, size)
    if complaint:
        return ecs.error_response_json(*complaint, 400)
    family = definition.get("family", "")
    status, headers, body = answer({**request, "group": request.get("group") or f"family:{family}"})
    answered = json.loads(body)
    for task in answered.get("tasks", ()):
        task.update(size)
        ecs._tasks[task["taskArn"]].update(size)
    return status, headers, json.dumps(answered).encode()


def refusal(request: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the error code and message with which ECS refuses a request by its parameters alone, or None."""
    overrides = request.get("overrides") or {}
    if len(json.dumps(overrides)) > OVERRIDE_CHARACTERS:
        return (
            "InvalidParameterException",
            f"Container Overrides length must be at most {OVERRIDE_CHARACTERS}",
        )
    if request.get("launchType") and request.get("capacityProviderStrategy"):
        return "InvalidParameterException", "Specifying both a launch type and capacity provider strategy is not valid."
    return None


def _unknown_cluster(request: Mapping[str, Any]) -> tuple[str, str] | None:
    if ecs._resolve_cluster_name(request.get("cluster", "default")) in ecs._clusters:
        return None
    return "ClusterNotFoundException", "Cluster not found."


def _unknown_size(overrides: Mapping[str, Any], size: Mapping[str, str]) -> tuple[str, str] | None:
    if not overrides.get("cpu") and not overrides.get("memory"):
        return None
    if int(size["memory"]) in SIZES.get(int(size["cpu"]), ()):
        return None
    return "ClientException", "No Fargate configuration exists for given values: check cpu and memory of the overrides."
