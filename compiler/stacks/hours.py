"""The office hours of an environment: schedules that stop its services and its database, and start them again."""

from collections.abc import Iterable
from functools import partial

from troposphere import GetAtt

from compiler.airflow.asleep_page import SITE, page_calls
from compiler.connections import schedule_permissions
from compiler.contract import DATABASE, kebab, title, words
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.schedules import ScheduledCall, When, add_schedule, add_schedules_role, crons, scale
from spec.environment import Environment

DESCRIPTION = "Office hours of this environment"
TIMEOUT_MINUTES = 15
INPUTS = (
    frozenset({values.CLUSTER, values.DATABASE_INSTANCE, values.service_of(DATABASE)})
    | {values.LOAD_BALANCER_HOST, values.ASLEEP_RULE}
    | frozenset(values.SERVICES)
    | frozenset(values.COUNTS)
)
OUTPUTS: frozenset[StackValue] = frozenset()

DATABASE_AHEAD = 15
"""Minutes before the hours begin in which the database starts: RDS takes some, and Airflow gives up without it."""
DATABASE_BEHIND = 10
"""Minutes after the hours in which it stops: Airflow's tasks get two minutes to end."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the schedules of an environment that sleeps by the clock."""
    hours = env.schedule.hours if env.schedule else None
    if hours is None:
        return
    database = database_of(env)
    on_off = database.on_off()
    description = "What the office hours may do: start and stop services and database"
    role = add_schedules_role(stack, description, schedule_permissions(env))
    opening, closing = [start for start, _ in hours.spans], [end for _, end in hours.spans]
    ahead = [start - DATABASE_AHEAD for start in opening]
    behind = [end + DATABASE_BEHIND for end in closing]
    add = partial(_add_call, env, stack, (role, hours.timezone))
    if on_off:
        add(on_off.on, ahead)
    for process in env.processes:
        add(_start(process.name, values.count_of(process.name)), opening)
        add(_stop(process.name), closing)
    for page in page_calls(env, stack, f"{SITE}-on", f"{SITE}-off"):
        add(page.on, opening)
        add(page.off, closing)
    for service in database.services:
        add(_start(service, 1), ahead)
        add(_stop(service), behind)
    if on_off:
        add(on_off.off, behind)


def _start(name: str, count: int | StackValue) -> ScheduledCall:
    description = f"Starts in the morning: {words(name)}"
    return scale(name, count, logical_id=f"{title(name)}Wakes", schedule=f"{kebab(name)}-on", description=description)


def _stop(name: str) -> ScheduledCall:
    description = f"Stops in the evening: {words(name)}"
    return scale(name, 0, logical_id=f"{title(name)}Sleeps", schedule=f"{kebab(name)}-off", description=description)


def _add_call(
    env: Environment, stack: StackBuilder, acting: tuple[GetAtt, str], call: ScheduledCall, moments: Iterable[int]
) -> None:
    """Add a schedule for each time of day at which a call is due, `acting` with a role in a time zone."""
    role, timezone = acting
    expressions = crons(moments)
    for index, expression in enumerate(expressions, start=1):
        which = f" ({index} of {len(expressions)})" if len(expressions) > 1 else ""
        one = call._replace(
            logical_id=f"{call.logical_id}{index}",
            name=f"{call.name}-{index}",
            description=call.description + which,
        )
        add_schedule(env, stack, one, role, When(expression=expression, timezone=timezone))
