"""The schedules of an environment that sleeps unless something is due; the watch beside its scheduler moves them.

As they stand here, they wake the environment every hour: what was never moved, or was made anew, lets nothing sleep.
They wait where a deploy keeps the services at zero.
"""

import json

from compiler.airflow.alarm import LATE, off, on, topic_arn
from compiler.airflow.asleep_page import SITE, page_calls
from compiler.contract import DATABASE, title, words
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.schedules import ScheduledCall, When, add_schedule, scale
from spec.environment import Environment

DESCRIPTION = "Alarm of this environment"
TIMEOUT_MINUTES = 15
INPUTS = (
    frozenset({values.CLUSTER, values.DATABASE_INSTANCE, values.service_of(DATABASE), values.ALARM_ROLE})
    | {values.LOAD_BALANCER_HOST, values.ASLEEP_RULE}
    | frozenset(values.SERVICES)
    | frozenset(values.COUNTS)
)
OUTPUTS: frozenset[StackValue] = frozenset()

TRY_SECONDS = 300
"""The environment may have been woken, or be about to sleep, when a call comes later."""

UNTIL_MOVED = When(expression="cron(0 * * * ? *)", try_seconds=TRY_SECONDS)
NEVER = When(expression="rate(1 day)", try_seconds=TRY_SECONDS, enabled=False)


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the schedules that start and stop each service and the database."""
    if env.due is None:
        return
    role = stack.parameter(values.ALARM_ROLE)
    database = database_of(env)
    starts, stops = [], []
    named = [values.CLUSTER, *map(values.service_of, (*database.services, *(each.name for each in env.processes)))]
    if on_off := database.on_off():
        named.append(values.DATABASE_INSTANCE)
        starts.append(on_off.on)
        stops.append(on_off.off)
    for name in database.services:
        starts.append(_start(name, 1))
        stops.append(_stop(name))
    for process in env.processes:
        starts.append(_start(process.name, values.count_of(process.name)))
        stops.append(_stop(process.name))
    for page in page_calls(env, stack, on(SITE), off(SITE)):
        starts.append(page.on)
        stops.append(page.off)
    for value in named:
        stack.parameter(value)  # the requests name them
    for call in starts:
        add_schedule(env, stack, call, role, UNTIL_MOVED)
    if topic := env.due.alarm_topic:
        stops.append(_tell(env, topic))
    for call in stops:
        add_schedule(env, stack, call, role, NEVER)


def _start(name: str, count: int | StackValue) -> ScheduledCall:
    description = f"Starts in time for what is due: {words(name)}"
    return scale(name, count, logical_id=f"{title(name)}Wakes", schedule=on(name), description=description)


def _stop(name: str) -> ScheduledCall:
    description = f"Stops when nothing is due: {words(name)}"
    return scale(name, 0, logical_id=f"{title(name)}Sleeps", schedule=off(name), description=description)


def _tell(env: Environment, topic: str) -> ScheduledCall:
    words = {
        "Subject": f"{env.name} does not wake",
        "Message": f"{env.name} was to be awake by now, and its Airflow does not say so. Its alarm goes on ringing "
        "every five minutes. `windsock status` says what is wrong.",
    }
    return ScheduledCall(
        logical_id="TellsLate",
        name=LATE,
        description="Tells a topic when nobody has woken in time",
        call="sns:publish",
        request=json.dumps({"TopicArn": topic_arn(topic), **words}),
    )
