"""When an environment sleeps: schedules that stop its services and its database, and start them again."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from awacs import ecs, rds
from awacs.aws import Allow, Statement
from troposphere import GetAtt, Sub

from compiler.contract import DATABASE, PerProcess, kebab, title, words
from compiler.model.stack import Sheet
from compiler.model.stack_values import Wire
from compiler.resources.policies import HERE
from compiler.resources.schedules import crons, draw_schedule, draw_schedules_role
from spec.environment import Environment
from spec.sections.database import Container

DESCRIPTION = "When this environment sleeps"
TIMEOUT_MINUTES = 15
NEEDS = (
    frozenset({Wire.CLUSTER, Wire.DATABASE_INSTANCE, Wire.DATABASE_SERVICE})
    | Wire.of_processes(PerProcess.SERVICE)
    | Wire.every(PerProcess.COUNT)
)
GIVES: frozenset[Wire] = frozenset()

Moments = tuple[Sequence[int], Sequence[int]]
"""Minutes at which something starts, and at which it stops."""

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
    opening, closing = [start for start, _ in hours.spans], [end for _, end in hours.spans]
    ahead = [start - DATABASE_AHEAD for start in opening]
    behind = [end + DATABASE_BEHIND for end in closing]
    contained = isinstance(env.database, Container)
    if not contained:
        _draw_database(env, sheet, role, "start", ahead)
    for process in env.processes:
        count = sheet.wire(Wire.named(PerProcess.COUNT.of(process.name))).data["Ref"]
        _draw_service(env, sheet, role, process.name, f"${{{count}}}", moments=(opening, closing))
    if contained:
        _draw_service(env, sheet, role, DATABASE, "1", moments=(ahead, behind))
    else:
        _draw_database(env, sheet, role, "stop", behind)


def _rights(env: Environment, sheet: Sheet) -> Iterator[Statement]:
    cluster = sheet.wire(Wire.CLUSTER).data["Ref"]
    contained = isinstance(env.database, Container)
    names = (*(process.name for process in env.processes), *((DATABASE,) if contained else ()))
    services = [sheet.wire(_service(name)).data["Ref"] for name in names]
    arn = f"arn:${{AWS::Partition}}:ecs:{HERE}:service/${{{cluster}}}"
    yield Statement(
        Sid="ScaleServices",
        Effect=Allow,
        Action=[ecs.UpdateService],
        Resource=[Sub(f"{arn}/${{{service}}}") for service in services],
    )
    if contained:
        return
    database = sheet.wire(Wire.DATABASE_INSTANCE).data["Ref"]
    yield Statement(
        Sid="StartAndStopDatabase",
        Effect=Allow,
        Action=[rds.StartDBInstance, rds.StopDBInstance],
        Resource=[Sub(f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{database}}}")],
    )


def _draw_service(env: Environment, sheet: Sheet, role: GetAtt, name: str, count: str, *, moments: Moments) -> None:
    where = f'"Cluster":"${{{Wire.CLUSTER.title}}}","Service":"${{{_service(name).title}}}"'
    draw = partial(_draw_each, env, sheet, role, "ecs:updateService")
    opening, closing = moments
    said = f'{{{where},"DesiredCount":{count}}}'
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
    return Wire.named(PerProcess.SERVICE.of(name))
