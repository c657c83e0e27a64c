"""Schedules call AWS when they are due by the fake clock, as their roles; MiniStack only stores them.

A role that was just made cannot be assumed yet, and a schedule with it is refused meanwhile.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html ("Changes that I make are not always
immediately visible"); https://github.com/aws/aws-sdk-js-v3/issues/6494 (the refusal, and that the same role is fine
later). CloudFormation creates a resource again when what it refers to has settled:
https://aws.amazon.com/blogs/devops/how-we-sped-up-aws-cloudformation-deployments-with-optimistic-stabilization/
"""
# ruff: noqa: SLF001  what needs correcting is not public

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from ministack.core.concurrency import spawn_background
from ministack.core.responses import request_scope
from ministack.services import iam, scheduler
from ministack.services.cloudformation import _stacks

from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.iam.principals import trusts
from rehearsal.emulator.patches import shapes, tasks
from rehearsal.emulator.patches.databases import Databases
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.lag import MOST_LOOKS, Lag
from rehearsal.emulator.rules.schedule_expressions import Timing, last_due

KIND = "AWS::Scheduler::Schedule"
ROLE = "AWS::IAM::Role"
PRINCIPAL = "scheduler.amazonaws.com"
NOT_ASSUMED = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
COMPLETE = "_COMPLETE"
LATE_SECONDS = 300
"""EventBridge Scheduler refuses a start that is longer ago. Source: its error message."""
POLL_SECONDS = 0.05

SDK_NAMES: Mapping[str, str] = {"elasticloadbalancingv2": "elbv2"}
"""What boto3 calls a service that has another name in schedules, where it is that of AWS's SDK for Java. Source:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"""

_TARGET = re.compile(r"arn:aws:scheduler:::aws-sdk:(?P<service>[a-z0-9]+):(?P<action>[A-Za-z0-9]+)")

Answer = Any


@dataclass(frozen=True, kw_only=True)
class Firing:
    """One call of a schedule: when it was due, what it called, and the error if there was one."""

    due: float
    schedule: str
    call: str
    said: str
    complaint: str = ""


class Schedules:
    """Keeps schedules through their API, and makes the calls that are due."""

    def __init__(self, access: Access, handlers: ResourceHandlers, databases: Databases) -> None:
        settings = access.settings
        self._settings = settings
        self._access = access
        self._handlers = handlers
        self._databases = databases
        self._fresh = Lag()
        self._stack_of: dict[str, str] = {}
        self._calling = threading.Lock()
        self._called_until = fake_clock.now(settings.path)

    def apply(self) -> None:
        """Replace the handlers and MiniStack's own calls, and refuse what the service refuses."""
        rebind(scheduler, "_tick_schedules", lambda _: lambda: None, takes="")
        for name in ("_create_schedule", "_update_schedule"):
            rebind(scheduler, name, self._strict, takes="name body")
        self._handlers.put(KIND, create=self._create, update=self._update)
        rebind_action(iam, "CreateRole", self._noting)
        create = self._handlers.original(ROLE, "create")

        def create_role(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
            created: Created = create(logical_id, properties, stack)
            self._fresh.start(created[0])
            self._stack_of[created[0]] = stack
            return created

        self._handlers.put(ROLE, create=create_role)

    def call_due(self) -> None:
        """Start the calls that are due, in the background; call this often, within a request scope."""
        since, self._called_until = self._called_until, fake_clock.now(self._settings.path)
        moments = [(_due(record, since, self._called_until), record) for record in list(scheduler._schedules.values())]
        due = sorted(((moment, record) for moment, record in moments if moment), key=lambda pair: pair[0])
        if due:
            spawn_background(self._call_all, due, thread_name="schedules")

    def _strict(self, answer: Callable[..., Answer]) -> Callable[..., Answer]:
        def strict(name: str, body: dict[str, Any]) -> Answer:
            start = scheduler._to_epoch(body.get("StartDate"))
            if start is not None and start < fake_clock.now(self._settings.path) - LATE_SECONDS:
                message = "The StartDate you specify cannot be earlier than 5 minutes ago."
                return scheduler._error(400, "ValidationException", message)
            try:
                last_due(_timing({**body, "CreationDate": 0.0}), 0.0, 0.0)
            except (ValueError, LookupError) as error:
                return scheduler._error(400, "ValidationException", str(error))
            if not self._assumes((body.get("Target") or {}).get("RoleArn", "")):
                return scheduler._error(400, "ValidationException", NOT_ASSUMED)
            return answer(name, body)

        return strict

    def _noting(self, create: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
        """Note a role that is made through the API."""

        def create_noted(request: dict[str, Any]) -> Answer:
            name = iam._p(request, "RoleName")
            known = name in iam._roles
            answer = create(request)
            if name in iam._roles and not known:
                self._fresh.start(name)
            return answer

        return create_noted

    def _assumes(self, role: str) -> bool:
        """Whether the scheduler can assume a role by now; a stack is complete when its roles have settled."""
        name = role.rpartition("/")[2]
        stack = _stacks.get(self._stack_of.get(name, "")) or {"StackStatus": ""}
        return self._trusts(role) and (stack["StackStatus"].endswith(COMPLETE) or self._fresh.look(name))

    def _trusts(self, role: str) -> bool:
        """Whether a role trusts the scheduler."""
        # Source: "Confused deputy prevention in EventBridge Scheduler", EventBridge Scheduler User Guide.
        group = f"arn:aws:scheduler:{self._settings.region}:{self._settings.account}:schedule-group/default"
        return trusts(role, PRINCIPAL, {"aws:SourceArn": group, "aws:SourceAccount": self._settings.account})

    def _create(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        named = {"Name": f"{stack}-{logical_id}"[:64], **properties}
        request = shapes.request("scheduler", "CreateSchedule", named)
        return named["Name"], _settled(self._handlers.api("scheduler").create_schedule, request)

    def _update(self, physical_id: str, _old: Any, new: Any, stack: str, logical_id: str | None) -> Created:
        if new.get("Name", physical_id) != physical_id:
            return self._create(logical_id or physical_id, new, stack)
        request = shapes.request("scheduler", "UpdateSchedule", {**new, "Name": physical_id})
        return physical_id, _settled(self._handlers.api("scheduler").update_schedule, request)

    def _call_all(self, due: list[tuple[float, dict[str, Any]]]) -> None:
        """Make the calls one after the other, in the order in which they were due, with the time between them."""
        settings, before = self._settings, due[0][0]
        with self._calling, request_scope(settings.account, settings.region):
            for moment, record in due:
                self._await_changes(moment - before)
                before = moment
                firing = asdict(self._call(moment, record))
                fake_clock.log_call(settings.path, {"at": datetime.fromtimestamp(moment, UTC).isoformat(), **firing})

    def _await_changes(self, seconds: float) -> None:
        """Let tasks and databases finish their changes, for at most the time that the fake clock has skipped."""
        deadline = time.monotonic() + seconds
        while (tasks.are_ending() or self._databases.are_changing()) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _call(self, moment: float, record: dict[str, Any]) -> Firing:
        target = record["Target"]
        call, sent = target["Arn"].rpartition("aws-sdk:")[2], target.get("Input") or "{}"
        firing = Firing(due=moment, schedule=record["Name"], call=call, said=sent)
        try:
            self._request(target["Arn"], target["RoleArn"], json.loads(sent))
        except Exception as error:  # noqa: BLE001  whatever the error is, the log of the schedule has it
            logging.getLogger("emulator").warning("schedule %s: %s", record["Name"], error)
            return replace(firing, complaint=f"{type(error).__name__}: {error}")
        return firing

    def _request(self, target: str, role: str, sent: dict[str, Any]) -> None:
        match = _TARGET.fullmatch(target)
        if match is None:
            raise ValueError(f"{target} is no universal target")
        service, action = SDK_NAMES.get(match["service"], match["service"]), match["action"]
        client = self._handlers.api_of_role(service, self._assumed(role))
        if _sdk_name(client) != match["service"]:
            raise ValueError(f"{target} is no universal target: the service is {_sdk_name(client)}")
        operation = next(name for name in client.meta.service_model.operation_names if name.lower() == action.lower())
        request = shapes.request(service, operation, sent)
        getattr(client, xform_name(operation))(**request)

    def _assumed(self, role: str) -> Mapping[str, str]:
        """Return credentials of a role, as the scheduler gets them.

        Raises:
            PermissionError: the role does not trust the scheduler.
        """
        if not self._trusts(role):
            raise PermissionError(f"The execution role {role} cannot be assumed by {PRINCIPAL}")
        return self._access.principals.open_session(role, "schedule")


def _settled(put: Callable[..., Any], request: dict[str, Any]) -> dict[str, str]:
    """Return the attributes of a schedule; a role that is not assumed yet is waited for, as CloudFormation does it."""
    for _ in range(MOST_LOOKS):
        try:
            return {"Arn": put(**request)["ScheduleArn"]}
        except ClientError as error:
            if NOT_ASSUMED not in str(error):
                raise
    return {"Arn": put(**request)["ScheduleArn"]}


def _sdk_name(client: Any) -> str:
    """Return what AWS's SDK for Java calls the service of a client."""
    return str(client.meta.service_model.service_id).replace(" ", "").lower()


def _due(record: dict[str, Any], since: float, until: float) -> float | None:
    return last_due(_timing(record), since, until) if record.get("State", "ENABLED") == "ENABLED" else None


def _timing(record: dict[str, Any]) -> Timing:
    return Timing(
        expression=record["ScheduleExpression"],
        timezone=record.get("ScheduleExpressionTimezone") or "UTC",
        start=scheduler._to_epoch(record.get("StartDate")),
        end=scheduler._to_epoch(record.get("EndDate")),
        made=float(record["CreationDate"]),
    )
