"""How a schedule is drawn that calls AWS by itself: at which times, as which role, and how often it tries again."""

from collections.abc import Iterable
from typing import Any

from awacs.aws import Statement
from troposphere import GetAtt, Sub
from troposphere.iam import Policy, Role
from troposphere.scheduler import FlexibleTimeWindow, RetryPolicy, Schedule, Target

from compiler.contract import schedule_name
from compiler.model.stack import StackBuilder
from compiler.resources.policies import document, trust_schedules
from spec.environment import Environment
from spec.sections.schedule import DAY, DAYS, WEEK

TRIES = 10
TRY_SECONDS = 1800
"""A call that comes later than this would fall into hours that are no longer meant."""


def add_schedules_role(stack: StackBuilder, description: str, *statements: Statement) -> GetAtt:
    """Draw the role of the schedules of a stack, and return its ARN."""
    policy = Policy(PolicyName="SchedulesRole", PolicyDocument=document(*statements))
    role = Role("SchedulesRole", Description=description, AssumeRolePolicyDocument=trust_schedules(), Policies=[policy])
    return GetAtt(stack.add(role, description), "Arn")


def add_schedule(
    env: Environment,
    stack: StackBuilder,
    title: str,
    name: str,
    description: str,
    *,
    call: str,
    said: Sub,
    role: GetAtt,
    **when: Any,
) -> Schedule:
    """Draw a schedule that makes one call of AWS, such as `ecs:updateService`, and says `said` in it."""
    target = Target(
        Arn=Sub(f"arn:${{AWS::Partition}}:scheduler:::aws-sdk:{call}"),
        RoleArn=role,
        Input=said,
        RetryPolicy=RetryPolicy(MaximumEventAgeInSeconds=TRY_SECONDS, MaximumRetryAttempts=TRIES),
    )
    schedule = Schedule(
        title,
        Name=schedule_name(env.name, name),
        Description=description,
        FlexibleTimeWindow=FlexibleTimeWindow(Mode="OFF"),
        Target=target,
        **when,
    )
    return stack.add(schedule, description)


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
