"""When an environment sleeps: schedules that stop its services and its database, and start them again."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from awacs import ecs, rds
from awacs.aws import Allow, Statement
from troposphere import GetAtt, Sub

from compiler.policies import HERE
from compiler.processes import kebab, title, words
from compiler.schedules import crons, draw_schedule, draw_schedules_role
from compiler.stack import Sheet
from compiler.wires import Wire
from spec.environment import Environment
from spec.office_hours import OfficeHours

DESCRIPTION = "When this environment sleeps"
TIMEOUT_MINUTES = 15
NEEDS = frozenset({Wire.CLUSTER, Wire.DATABASE_INSTANCE}) | Wire.of_processes("Service") | Wire.every("Count")
GIVES: frozenset[Wire] = frozenset()

DATABASE_AHEAD = 15
"""Minutes before the hours begin in which the database starts: RDS takes some, and Airflow gives up without it."""
DATABASE_BEHIND = 10
"""Minutes after the hours in which it stops: Airflow's tasks get two minutes to end."""


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the office hours of an environment that has some."""
    if env.schedule is None:
        return
    role = draw_schedules_role(
        sheet, "What the office hours may do: start and stop services and database", *_rights(env, sheet)
    )
    hours = env.schedule
    ahead = [start - DATABASE_AHEAD for start, _ in hours.spans]
    behind = [end + DATABASE_BEHIND for _, end in hours.spans]
    _draw_database(env, sheet, role, "start", ahead)
    for process in env.processes:
        _draw_service(env, sheet, role, process.name, hours)
    _draw_database(env, sheet, role, "stop", behind)


def _rights(env: Environment, sheet: Sheet) -> Iterator[Statement]:
    cluster = sheet.wire(Wire.CLUSTER).data["Ref"]
    services = [sheet.wire(_service(process.name)).data["Ref"] for process in env.processes]
    arn = f"arn:${{AWS::Partition}}:ecs:{HERE}:service/${{{cluster}}}"
    yield Statement(
        Sid="ScaleServices",
        Effect=Allow,
        Action=[ecs.UpdateService],
        Resource=[Sub(f"{arn}/${{{service}}}") for service in services],
    )
    database = sheet.wire(Wire.DATABASE_INSTANCE).data["Ref"]
    yield Statement(
        Sid="StartAndStopDatabase",
        Effect=Allow,
        Action=[rds.StartDBInstance, rds.StopDBInstance],
        Resource=[Sub(f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{database}}}")],
    )


def _draw_service(env: Environment, sheet: Sheet, role: GetAtt, name: str, hours: OfficeHours) -> None:
    count = sheet.wire(Wire.named(f"{title(name)}Count")).data["Ref"]
    where = f'"Cluster":"${{{Wire.CLUSTER.title}}}","Service":"${{{_service(name).title}}}"'
    draw = partial(_draw_each, env, sheet, role, "ecs:updateService")
    opening, closing = [start for start, _ in hours.spans], [end for _, end in hours.spans]
    said = f'{{{where},"DesiredCount":${{{count}}}}}'
    draw(f"{title(name)}Wakes", f"{kebab(name)}-on", f"Starts in the morning: {words(name)}", said, opening)
    said = f'{{{where},"DesiredCount":0}}'
    draw(f"{title(name)}Sleeps", f"{kebab(name)}-off", f"Stops in the evening: {words(name)}", said, closing)


def _draw_database(env: Environment, sheet: Sheet, role: GetAtt, verb: str, moments: Iterable[int]) -> None:
    # The SDK in which the scheduler makes calls spells the parameter so; the API itself has DBInstanceIdentifier.
    said = f'{{"DbInstanceIdentifier":"${{{Wire.DATABASE_INSTANCE.title}}}"}}'
    action, state = f"rds:{verb}DBInstance", {"start": "on", "stop": "off"}[verb]
    description = {"start": "Starts before the services: database", "stop": "Stops after the services: database"}[verb]
    _draw_each(env, sheet, role, action, f"Database{verb.title()}s", f"database-{state}", description, said, moments)


def _draw_each(
    env: Environment,
    sheet: Sheet,
    role: GetAtt,
    call: str,
    *named: Any,
) -> None:
    logical_id, name, description, said, moments = named
    hours = env.schedule
    expressions = crons(moments)
    for index, expression in enumerate(expressions, start=1):
        which = f" ({index} of {len(expressions)})" if len(expressions) > 1 else ""
        draw_schedule(
            env,
            sheet,
            f"{logical_id}{index}",
            f"{name}-{index}",
            description + which,
            call=call,
            said=Sub(said),
            role=role,
            ScheduleExpression=expression,
            ScheduleExpressionTimezone=hours.timezone if hours else "UTC",
        )


def _service(name: str) -> Wire:
    return Wire.named(f"{title(name)}Service")
