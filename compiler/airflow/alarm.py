"""What the scheduler of an environment that sleeps unless something is due knows and may do: move its own schedules."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from compiler.airflow.asleep_page import SITE, WHEN, asleep_page, has_page, page_permissions
from compiler.contract import ENVIRONMENT_TAG, SCHEDULER, kebab, schedule_name
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.policies import HERE
from compiler.resources.schedules import SCHEDULE, add_schedules_role
from spec.environment import Environment
from spec.releases.processes import Process

VARIABLE = "WINDSOCK_ALARM"
STACK_VARIABLE = "WINDSOCK_STACK"
"""What `runtime/due/` reads: times in minutes, office hours, the page for browsers and names of schedules, and the
ARN of the root stack."""

WATCH = "while :; do python -m windsock_runtime.due.watch; sleep 5; done"
"""Runs beside the scheduler, and starts again where it was killed."""


def on(name: str) -> str:
    """Return the name of the schedule that starts a service or the database."""
    return f"{kebab(name)}-on"


def off(name: str) -> str:
    """Return the name of the schedule that stops a service or the database."""
    return f"{kebab(name)}-off"


LATE = "late"
"""The name of the schedule that tells a topic when nobody has woken in time."""


def topic_arn(topic: str) -> str:
    """Return the ARN of a topic in the region of the environment, as `Fn::Sub` writes it."""
    *_, account, name = topic.split(":")
    return f"arn:${{AWS::Partition}}:sns:${{AWS::Region}}:{account}:{name}"


def add_alarm_role(env: Environment, stack: StackBuilder) -> None:
    """Add the role of the schedules that put an environment to sleep and wake it, where it has them."""
    if env.due:
        description = "What the alarm may do: start and stop services and database of this environment"
        role = add_schedules_role(stack, description, alarm_role_permissions(env), values.ALARM_ROLE.title)
        stack.output(values.ALARM_ROLE, role)


def alarm_role_permissions(env: Environment) -> Iterator[Permission]:
    """Yield what the schedules may do; the services get their names later than this role."""
    yield Permission(
        source=SCHEDULE,
        sid="ScaleServices",
        actions=("ecs:UpdateService",),
        resources=(f"arn:${{AWS::Partition}}:ecs:{HERE}:service/${{Cluster}}/*",),
        why="services run when something is due",
    )
    if on_off := database_of(env).on_off():
        yield on_off.permission._replace(
            resources=(f"arn:${{AWS::Partition}}:rds:{HERE}:db:*",),
            why="the database runs when something is due",
            conditions={"StringEquals": {f"aws:ResourceTag/{ENVIRONMENT_TAG}": env.name}},
        )
    yield from page_permissions(env)
    if env.due and env.due.alarm_topic:
        yield Permission(
            source=SCHEDULE,
            sid="TellTopic",
            actions=("sns:Publish",),
            resources=(topic_arn(env.due.alarm_topic),),
            why="somebody is told when it does not wake",
        )


def alarm_permissions(env: Environment) -> Iterator[Permission]:
    """Yield what the scheduler may do: move the times of these schedules, which act with that one role."""
    if not env.due:
        return
    why = "it sleeps when nothing is due, and wakes in time"
    arn = f"arn:${{AWS::Partition}}:scheduler:{HERE}:schedule/default/"
    names = [name for group in _groups(env).values() for name in group]
    yield Permission(
        source=SCHEDULER,
        sid="SetAlarm",
        actions=("scheduler:GetSchedule", "scheduler:UpdateSchedule"),
        resources=tuple(f"{arn}{name}" for name in names),
        why=why,
    )
    yield Permission(
        source=SCHEDULER,
        sid="SeeChangesOfStack",
        actions=("cloudformation:DescribeStacks",),
        resources=(f"${{{values.ROOT_STACK.title}}}",),
        why="it does not sleep during a deploy",
    )
    yield Permission(
        source=SCHEDULER,
        sid="HandRoleToAlarm",
        actions=("iam:PassRole",),
        resources=(f"${{{values.ALARM_ROLE.title}.Arn}}",),
        why=why,
        conditions={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
    )


def alarm_variables(env: Environment, stack: StackBuilder, process: Process) -> Mapping[str, Any]:
    """Return what tells the watch beside the scheduler its times and schedules."""
    if not env.due or process.name != SCHEDULER:
        return {}
    office = env.due.office_hours
    hours = {"spans": office.spans, "timezone": office.timezone} if office else None
    return {
        VARIABLE: json.dumps(
            {
                **env.due.minutes,
                "learns": env.due.wake_before is None,
                "hours": hours,
                "page": asleep_page(env, WHEN) if has_page(env) else "",
                **_groups(env),
            }
        ),
        STACK_VARIABLE: stack.parameter(values.ROOT_STACK),
    }


def beside(env: Environment, process: Process) -> str:
    """Return what runs beside a process: the watch, where it is the scheduler of such an environment."""
    return WATCH if env.due and process.name == SCHEDULER else ""


def _groups(env: Environment) -> dict[str, list[str]]:
    """Return the full names of the schedules, as the watch reads them."""
    database = database_of(env)
    stores = [*(["database"] if database.on_off() else []), *database.services]
    services = [process.name for process in env.processes]
    site = [SITE] if has_page(env) else []
    groups = {
        "database_on": map(on, stores),
        "database_off": map(off, stores),
        "services_on": map(on, [*services, *site]),
        "services_off": (off(name) for name in services if name != SCHEDULER),
        "site_off": map(off, site),
        "scheduler_off": [off(SCHEDULER)],
        "late": [LATE] if env.due and env.due.alarm_topic else [],
    }
    return {group: [schedule_name(env.name, name) for name in names] for group, names in groups.items()}
