"""Schedules that call AWS by themselves: at which times, with which role, and how often they try again."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from troposphere import GetAtt, If, Ref, Sub
from troposphere.scheduler import FlexibleTimeWindow, RetryPolicy, Schedule, Target

from compiler.contract import schedule_name
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.policies import trust_schedules
from compiler.resources.roles import add_role
from spec.environment import Environment
from spec.sections.schedules.hours import DAY, DAYS, WEEK

SCHEDULE = "schedule"
EXPIRY = "expiry"
"""The sources of what office hours and expiry do in AWS."""

TRIES = 10
TRY_SECONDS = 1800
"""A call that comes later than this would fall into hours that are no longer meant."""


class ScheduledCall(NamedTuple):
    """One call of AWS, such as `ecs:updateService`, with its request as JSON, and how the schedule is named.

    A call that lets as many `tasks` run as the root says is not made while that is zero: until the database of a new
    environment is initialised, and during a migration. It would stop what the deploy has just started.
    """

    logical_id: str
    name: str
    description: str
    call: str
    request: str
    tasks: StackValue | None = None


class When(NamedTuple):
    """When a schedule makes its call: an expression, in a time zone or in UTC, not before `start`.

    What is not `enabled` makes none until somebody enables it. A call that AWS refuses is tried again for so many
    seconds.
    """

    expression: str
    timezone: str = ""
    start: Ref | None = None
    enabled: bool = True
    try_seconds: int = TRY_SECONDS


class OnOff(NamedTuple):
    """The calls that start and stop something, and the permission that they take."""

    permission: Permission
    on: ScheduledCall
    off: ScheduledCall


def add_schedules_role(
    stack: StackBuilder, description: str, permissions: Iterable[Permission], name: str = "SchedulesRole"
) -> GetAtt:
    """Add the role of the schedules of a stack, and return its ARN."""
    return add_role(stack, name, description, trust_schedules(), permissions)


def scale(name: str, count: int | StackValue, *, logical_id: str, schedule: str, description: str) -> ScheduledCall:
    """Return the call that lets `count` tasks of a service run: so many, or as many as the root says."""
    service, given = values.service_of(name).title, None if isinstance(count, int) else count
    number = f"${{{given.title}}}" if given else count
    request = f'{{"Cluster":"${{{values.CLUSTER.title}}}","Service":"${{{service}}}","DesiredCount":{number}}}'
    return ScheduledCall(
        logical_id=logical_id,
        name=schedule,
        description=description,
        call="ecs:updateService",
        request=request,
        tasks=given,
    )


def add_schedule(
    env: Environment, stack: StackBuilder, call: ScheduledCall, role: Ref | GetAtt, when: When
) -> Schedule:
    """Add a schedule that makes one call of AWS."""
    target = Target(
        Arn=Sub(f"arn:${{AWS::Partition}}:scheduler:::aws-sdk:{call.call}"),
        RoleArn=role,
        Input=Sub(call.request),
        RetryPolicy=RetryPolicy(MaximumEventAgeInSeconds=when.try_seconds, MaximumRetryAttempts=TRIES),
    )
    zone: dict[str, Any] = {"ScheduleExpressionTimezone": when.timezone} if when.timezone else {}
    start: dict[str, Any] = {"StartDate": when.start} if when.start else {}
    schedule = Schedule(
        call.logical_id,
        Name=schedule_name(env.name, call.name),
        Description=call.description,
        FlexibleTimeWindow=FlexibleTimeWindow(Mode="OFF"),
        Target=target,
        ScheduleExpression=when.expression,
        **zone,
        **start,
        **_state(stack, call, when),
    )
    return stack.add(schedule, call.description)


def _state(stack: StackBuilder, call: ScheduledCall, when: When) -> dict[str, Any]:
    if not when.enabled:
        return {"State": "DISABLED"}
    return {"State": If(stack.above_zero(call.tasks), "ENABLED", "DISABLED")} if call.tasks else {}


def crons(moments: Iterable[int]) -> tuple[str, ...]:
    """Return moments of the week, in minutes, as one expression for each time of day."""
    days: dict[int, list[int]] = {}
    for moment in moments:
        day, minute = divmod(moment % WEEK, DAY)
        days.setdefault(minute, []).append(day)
    return tuple(
        f"cron({minute % 60} {minute // 60} ? * {','.join(DAYS[day].upper() for day in sorted(on))} *)"
        for minute, on in sorted(days.items())
    )
