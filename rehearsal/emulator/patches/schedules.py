"""Schedules call AWS when it is time, as their roles, by a clock that can be turned; MiniStack only keeps them."""
# ruff: noqa: SLF001  what needs correcting is not public

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore import xform_name
from ministack.core import iam_evaluator
from ministack.core.concurrency import spawn_background
from ministack.core.responses import request_scope
from ministack.services import iam, scheduler

from rehearsal.emulator.patches import databases, handlers, shapes, tasks
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.schedule_expressions import Timing, last_due
from rehearsal.emulator.rules.settings import Settings

KIND = "AWS::Scheduler::Schedule"
PRINCIPAL = "scheduler.amazonaws.com"
LATE_SECONDS = 300
"""A start that is longer ago is refused. Source: the words with which EventBridge Scheduler does it."""
POLL_SECONDS = 0.05

_calling = threading.Lock()
_TARGET = re.compile(r"arn:aws:scheduler:::aws-sdk:(?P<service>[a-z0-9]+):(?P<action>[A-Za-z0-9]+)")

Answer = Any


@dataclass(frozen=True)
class Firing:
    """One call of a schedule: when it was due, what was called, and what came of it if that was not well."""

    due: float
    schedule: str
    call: str
    said: str
    complaint: str = ""


def apply(settings: Settings) -> Callable[[], None]:
    """Keep schedules through their API; gives back what makes the calls that are due. Call it often."""
    scheduler._tick_schedules = lambda: None
    for name in ("_create_schedule", "_update_schedule"):
        setattr(scheduler, name, _strict(settings, getattr(scheduler, name)))
    handlers.put(KIND, create=_create, update=_update, delete=_delete, update_with_logical_id=True)
    seen = [fake_clock.now(settings.path)]

    def tick() -> None:
        since, seen[0] = seen[0], fake_clock.now(settings.path)
        due = sorted(
            (
                (moment, record)
                for record in list(scheduler._schedules.values())
                if (moment := _due(record, since, seen[0]))
            ),
            key=lambda pair: pair[0],
        )
        if due:
            spawn_background(_call_all, settings, due, thread_name="schedules")

    return tick


def _strict(settings: Settings, answer: Callable[..., Answer]) -> Callable[..., Answer]:
    def strict(name: str, body: dict[str, Any]) -> Answer:
        start = scheduler._to_epoch(body.get("StartDate"))
        if start is not None and start < fake_clock.now(settings.path) - LATE_SECONDS:
            message = "The StartDate you specify cannot be earlier than 5 minutes ago."
            return scheduler._error(400, "ValidationException", message)
        try:
            last_due(_timing({**body, "CreationDate": 0.0}), 0.0, 0.0)
        except (ValueError, LookupError) as error:
            return scheduler._error(400, "ValidationException", str(error))
        return answer(name, body)

    return strict


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> handlers.Created:
    named = {"Name": f"{stack}-{logical_id}"[:64], **properties}
    arn = handlers.api("scheduler").create_schedule(**shapes.request("scheduler", "CreateSchedule", named))[
        "ScheduleArn"
    ]
    return named["Name"], {"Arn": arn}


def _update(physical_id: str, _old: Any, new: Any, stack: str, logical_id: str | None = None) -> handlers.Created:
    if new.get("Name", physical_id) != physical_id:
        return _create(logical_id or physical_id, new, stack)
    request = shapes.request("scheduler", "UpdateSchedule", {**new, "Name": physical_id})
    return physical_id, {"Arn": handlers.api("scheduler").update_schedule(**request)["ScheduleArn"]}


def _delete(physical_id: str, properties: dict[str, Any]) -> None:
    client = handlers.api("scheduler")
    try:
        client.delete_schedule(Name=physical_id, GroupName=properties.get("GroupName", "default"))
    except client.exceptions.ResourceNotFoundException:
        return


def _due(record: dict[str, Any], since: float, until: float) -> float | None:
    return last_due(_timing(record), since, until) if record.get("State", "ENABLED") == "ENABLED" else None


def _timing(record: dict[str, Any]) -> Timing:
    return Timing(
        record["ScheduleExpression"],
        record.get("ScheduleExpressionTimezone") or "UTC",
        scheduler._to_epoch(record.get("StartDate")),
        scheduler._to_epoch(record.get("EndDate")),
        float(record["CreationDate"]),
    )


def _call_all(settings: Settings, due: list[tuple[float, dict[str, Any]]]) -> None:
    """Make the calls one after the other, in the order in which they were due, each with the time before it."""
    before = due[0][0]
    with _calling, request_scope(settings.account, settings.region):
        for moment, record in due:
            _let_pass(moment - before)
            before = moment
            firing = asdict(_call(moment, record, settings))
            fake_clock.note(settings.path, {"at": datetime.fromtimestamp(moment, UTC).isoformat(), **firing})


def _let_pass(seconds: float) -> None:
    """Give what is on its way to an end as much of the time that a turned clock leapt over as it needs."""
    deadline = time.monotonic() + seconds
    while (tasks.are_ending() or databases.are_moving()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _call(moment: float, record: dict[str, Any], settings: Settings) -> Firing:
    target = record["Target"]
    firing = Firing(moment, record["Name"], target["Arn"].rpartition("aws-sdk:")[2], target.get("Input") or "{}")
    try:
        _make(target["Arn"], target["RoleArn"], json.loads(firing.said), settings)
    except Exception as error:  # noqa: BLE001  whatever a call ends with is what its schedule comes to know
        logging.getLogger("emulator").warning("schedule %s: %s", record["Name"], error)
        return Firing(**{**asdict(firing), "complaint": f"{type(error).__name__}: {error}"})
    return firing


def _make(target: str, role: str, said: dict[str, Any], settings: Settings) -> None:
    match = _TARGET.fullmatch(target)
    if match is None:
        raise ValueError(f"{target} is no universal target")
    service, action = match["service"], match["action"]
    _refuse_without_right(role, service, action, said, settings)
    model = botocore.session.get_session().get_service_model(service)
    operation = next(name for name in model.operation_names if name.lower() == action.lower())
    getattr(handlers.api(service), xform_name(operation))(**shapes.request(service, operation, said))


def _refuse_without_right(role_arn: str, service: str, action: str, said: dict[str, Any], settings: Settings) -> None:
    """A schedule calls as its role: it must be there, trust the scheduler, and be allowed to do this to that.

    Raises:
        PermissionError: one of these is not so.
    """
    role = iam._roles.get(role_arn.rpartition("/")[2])
    if role is None or PRINCIPAL not in str(role["AssumeRolePolicyDocument"]):
        raise PermissionError(f"The execution role {role_arn} cannot be assumed by {PRINCIPAL}")
    wanted = [(f"{service}:{action[0].upper()}{action[1:]}", _resource(service, said, settings))]
    wanted += [("iam:PassRole", arn) for key, arn in said.items() if key.lower() == "rolearn"]
    policies = iam_evaluator._gather_role_policies(role["RoleName"], settings.account)
    for name, resource in wanted:
        context = iam_evaluator.EvalContext(role_arn, "AssumedRole", settings.account, name, resource, settings.region)
        context.service_context = {"iam:passedtoservice": f"{service}.amazonaws.com"}  # in lower case
        if iam_evaluator.evaluate(context, policies).decision != "Allow":
            raise PermissionError(f"{role_arn} is not authorized to perform {name} on {resource}")


def _resource(service: str, said: dict[str, Any], settings: Settings) -> str:
    given = {key.lower(): value for key, value in said.items()}
    here = f"{settings.region}:{settings.account}"
    if service == "ecs":
        return f"arn:aws:ecs:{here}:service/{given['cluster']}/{given['service']}"
    if service == "rds":
        return f"arn:aws:rds:{here}:db:{given['dbinstanceidentifier']}"
    return str(given.get("stackname", "*"))
