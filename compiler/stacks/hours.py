"""When an environment sleeps: schedules that stop its services and its database, and start them again."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from awacs import ecs, rds
from awacs.aws import Allow, Statement
from troposphere import GetAtt, Sub

from compiler.contract import DATABASE, kebab, title, words
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.policies import HERE
from compiler.resources.schedules import add_schedule, add_schedules_role, crons
from spec.environment import Environment
from spec.sections.database import Container

DESCRIPTION = "When this environment sleeps"
TIMEOUT_MINUTES = 15
INPUTS = (
    frozenset({values.CLUSTER, values.DATABASE_INSTANCE, values.service_of(DATABASE)})
    | frozenset(values.SERVICES)
    | frozenset(values.COUNTS)
)
OUTPUTS: frozenset[StackValue] = frozenset()

Moments = tuple[Sequence[int], Sequence[int]]
"""Minutes at which something starts, and at which it stops."""

DATABASE_AHEAD = 15
"""Minutes before the hours begin in which the database starts: RDS takes some, and Airflow gives up without it."""
DATABASE_BEHIND = 10
"""Minutes after the hours in which it stops: Airflow's tasks get two minutes to end."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Draw the office hours of an environment that has some."""
    if env.schedule is None:
        return
    role = add_schedules_role(
        stack, "What the office hours may do: start and stop services and database", *_rights(env, stack)
    )
    hours = env.schedule
    opening, closing = [start for start, _ in hours.spans], [end for _, end in hours.spans]
    ahead = [start - DATABASE_AHEAD for start in opening]
    behind = [end + DATABASE_BEHIND for end in closing]
    contained = isinstance(env.database, Container)
    if not contained:
        _add_database(env, stack, role, "start", ahead)
    for process in env.processes:
        count = stack.parameter(values.count_of(process.name)).data["Ref"]
        _add_service(env, stack, role, process.name, f"${{{count}}}", moments=(opening, closing))
    if contained:
        _add_service(env, stack, role, DATABASE, "1", moments=(ahead, behind))
    else:
        _add_database(env, stack, role, "stop", behind)


def _rights(env: Environment, stack: StackBuilder) -> Iterator[Statement]:
    cluster = stack.parameter(values.CLUSTER).data["Ref"]
    contained = isinstance(env.database, Container)
    names = (*(process.name for process in env.processes), *((DATABASE,) if contained else ()))
    services = [stack.parameter(_service(name)).data["Ref"] for name in names]
    arn = f"arn:${{AWS::Partition}}:ecs:{HERE}:service/${{{cluster}}}"
    yield Statement(
        Sid="ScaleServices",
        Effect=Allow,
        Action=[ecs.UpdateService],
        Resource=[Sub(f"{arn}/${{{service}}}") for service in services],
    )
    if contained:
        return
    database = stack.parameter(values.DATABASE_INSTANCE).data["Ref"]
    yield Statement(
        Sid="StartAndStopDatabase",
        Effect=Allow,
        Action=[rds.StartDBInstance, rds.StopDBInstance],
        Resource=[Sub(f"arn:${{AWS::Partition}}:rds:{HERE}:db:${{{database}}}")],
    )


def _add_service(
    env: Environment, stack: StackBuilder, role: GetAtt, name: str, count: str, *, moments: Moments
) -> None:
    where = f'"Cluster":"${{{values.CLUSTER.title}}}","Service":"${{{_service(name).title}}}"'
    draw = partial(_add_each, env, stack, role, "ecs:updateService")
    opening, closing = moments
    said = f'{{{where},"DesiredCount":{count}}}'
    draw(f"{title(name)}Wakes", f"{kebab(name)}-on", f"Starts in the morning: {words(name)}", said, opening)
    said = f'{{{where},"DesiredCount":0}}'
    draw(f"{title(name)}Sleeps", f"{kebab(name)}-off", f"Stops in the evening: {words(name)}", said, closing)


def _add_database(env: Environment, stack: StackBuilder, role: GetAtt, verb: str, moments: Iterable[int]) -> None:
    # The SDK in which the scheduler makes calls spells the parameter so; the API itself has DBInstanceIdentifier.
    said = f'{{"DbInstanceIdentifier":"${{{values.DATABASE_INSTANCE.title}}}"}}'
    action, state = f"rds:{verb}DBInstance", {"start": "on", "stop": "off"}[verb]
    description = {"start": "Starts before the services: database", "stop": "Stops after the services: database"}[verb]
    _add_each(env, stack, role, action, f"Database{verb.title()}s", f"database-{state}", description, said, moments)


def _add_each(
    env: Environment,
    stack: StackBuilder,
    role: GetAtt,
    call: str,
    *named: Any,
) -> None:
    logical_id, name, description, said, moments = named
    hours = env.schedule
    expressions = crons(moments)
    for index, expression in enumerate(expressions, start=1):
        which = f" ({index} of {len(expressions)})" if len(expressions) > 1 else ""
        add_schedule(
            env,
            stack,
            f"{logical_id}{index}",
            f"{name}-{index}",
            description + which,
            call=call,
            said=Sub(said),
            role=role,
            ScheduleExpression=expression,
            ScheduleExpressionTimezone=hours.timezone if hours else "UTC",
        )


def _service(name: str) -> StackValue:
    return values.service_of(name)
