"""Checks what an environment does by the clock: an evening, a morning, and the end that its ttl sets."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlsplit

from acceptance.checks import work_again
from acceptance.databases import DATABASES
from acceptance.emulated_aws import reachable_web_server
from acceptance.steps import StepRefusal, Steps
from acceptance.target import Target
from compiler.contract import ALARM, BOOTSTRAP_STACK, DATABASE, SCHEDULER, schedule_name
from deployer.aws.inventory import inventory
from deployer.health.verify import observe, verify
from deployer.lifetime.asleep import ASLEEP
from deployer.lifetime.ttl import expiry, extend, words
from deployer.stacks.rollout import RolloutFailure
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.emulator.rules import fake_clock
from rehearsal.session.emulator_session import EmulatorSession
from spec.sections.schedules.due import Due
from spec.sections.schedules.hours import Hours
from spec.sections.ttl import LONGEST

EXTENSION = timedelta(weeks=2)
"""Longer than any night between office hours."""

AFTER_CLOSING = timedelta(minutes=30)
"""The database stops ten minutes after the services."""

AFTER_START = timedelta(minutes=1)
"""An alarm rings half a minute after its start."""

SECONDS = 300.0
UNTOUCHED_SECONDS = 3.0
PAGE_SECONDS = 10.0
SURVIVORS = (f"stack {BOOTSTRAP_STACK}", f"bucket {BOOTSTRAP_STACK}-", f"role {BOOTSTRAP_STACK}-")
"""What belongs to the account instead of the environment; the last teardown deletes it."""


@dataclass(frozen=True, kw_only=True)
class ScheduleTarget:
    """An environment in the emulator whose clock is set, and the client and DAG that show whether it works."""

    target: Target
    emulator: EmulatorSession
    client: AirflowClient
    dag: str | None = None


def check_schedule(scheduled: ScheduleTarget, steps: Steps) -> None:
    """Set the clock to a night where there are office hours, and past the end where there is a ttl."""
    env = scheduled.target.env
    if env.ttl and _expiry(scheduled) + EXTENSION <= datetime.now(UTC) + LONGEST:
        _extend(scheduled, steps)
    if env.schedule and env.schedule.hours:
        _sleep(scheduled, env.schedule.hours, steps)
    if env.due:
        _sleep_until_due(scheduled, env.due, steps)
    if env.ttl:
        _expire(scheduled, steps)


def night(hours: Hours, moment: datetime) -> tuple[datetime, datetime]:
    """Return when the next night after a moment begins, and when it ends."""
    evening = hours.next_change(moment)
    while hours.is_open(evening):
        evening = hours.next_change(evening)
    return evening, hours.next_change(evening)


def _extend(scheduled: ScheduleTarget, steps: Steps) -> None:
    with steps.step("extend", "Extending it") as notes:
        extension = extend(scheduled.target.env, scheduled.target.session, EXTENSION)
        if _expiry(scheduled) != extension.after:
            raise StepRefusal("The schedule does not say what was extended.")
        notes.saw = f"{words(extension.before)} became {words(extension.after)}"


def _sleep(scheduled: ScheduleTarget, hours: Hours, steps: Steps) -> None:
    target = scheduled.target
    evening, morning = night(hours, datetime.now(UTC))
    with steps.step("evening", f"Setting the clock to {evening:%A %H:%M} {hours.timezone}") as notes:
        _set_clock(scheduled, evening.astimezone(UTC) + AFTER_CLOSING)  # half an hour, also where summer time ends
        _await(scheduled, lambda: _is_at_rest(target), "Services and database do not stop at the end of the hours.")
        notes.saw = f"no service runs, {_of_database(scheduled.target)}{_told_browsers(scheduled)}"
    with steps.step("morning", f"Setting the clock to {morning:%A %H:%M} {hours.timezone}") as notes:
        _set_clock(scheduled, morning + timedelta(seconds=1))
        _await(scheduled, lambda: not _is_at_rest(target), "Nothing starts when the hours begin.")
        notes.saw = _works_again(scheduled)


def _works_again(scheduled: ScheduleTarget) -> str:
    """Wait until everything is healthy, and run a DAG."""
    target = scheduled.target
    health = verify(target.session, target.env, target.outputs, target.web_url)
    with reachable_web_server(target.env, target.session, target.outputs, scheduled.emulator) as url:
        scheduled.client.use_address(url)
        ran = work_again(target, scheduled.client, scheduled.dag)
    return ", ".join([*(f"{service.process} healthy" for service in health.services), ran])


def _sleep_until_due(scheduled: ScheduleTarget, due: Due, steps: Steps) -> None:
    """Wait until it sets its alarm by itself, let the clock pass what it then set, and look what the alarm brings."""
    target, alarm = scheduled.target, schedule_name(scheduled.target.env.name, ALARM)
    scheduler = target.session.scheduler
    with steps.step("asleep", f"Waiting {due.grace} in which nothing is due") as notes:
        limit = SECONDS + due.minutes["grace"] * 60
        _await(scheduled, lambda: _has_arranged(target), "It sets no alarm.", limit=limit)
        said = _says(target, alarm)
        _set_clock(scheduled, datetime.now(UTC) + AFTER_CLOSING)
        _await(scheduled, lambda: _is_at_rest(target), "Services and database do not stop.")
        notes.saw = f"no service runs, {_of_database(scheduled.target)}: {said}{_told_browsers(scheduled)}"
    with steps.step("alarm", "Setting the clock to its alarm") as notes:
        for name in (schedule_name(target.env.name, f"{DATABASE}-on"), alarm):
            if start := scheduler.start(name):
                _set_clock(scheduled, start + AFTER_START)
                _await(scheduled, lambda: not _is_at_rest(target), "Nothing starts when the alarm rings.")
        _await(scheduled, lambda: not _says(target, alarm).startswith(ASLEEP), "Nobody switches the alarm off.")
        notes.saw = _works_again(scheduled)


def _has_arranged(target: Target) -> bool:
    """Whether all is arranged, the last stop too: what were arranged behind the clock would never come."""
    names = (ALARM, f"{SCHEDULER}-off", f"{DATABASE}-off")
    said = [_says(target, schedule_name(target.env.name, name)) for name in names]
    return said[0] != "" and all(text.startswith(ASLEEP) for text in said if text)


def _says(target: Target, alarm: str) -> str:
    return target.session.scheduler.description(alarm)


def _expire(scheduled: ScheduleTarget, steps: Steps) -> None:
    session, end = scheduled.target.session, _expiry(scheduled)
    with steps.step("expiry", f"Setting the clock past {words(end)}") as notes:
        _set_clock(scheduled, end - timedelta(minutes=1))
        session.clock.sleep(UNTOUCHED_SECONDS)
        if (stack := session.cloudformation.stack(scheduled.target.env.name)) is None or "DELETE" in stack.status:
            raise StepRefusal("It was deleted before its time was over.")
        _set_clock(scheduled, end + timedelta(seconds=1))
        _await(scheduled, lambda: _is_gone(scheduled), "It was not deleted when its time was over.")
        left = [thing for thing in inventory(session) if not thing.startswith(SURVIVORS)]
        if left:
            raise StepRefusal("An expired environment left something behind.", why="\n".join(left))
        notes.saw = "deleted by its schedule alone; only the toolkit is left"


def _expiry(scheduled: ScheduleTarget) -> datetime:
    stack = scheduled.target.session.cloudformation.stack(scheduled.target.env.name)
    end = expiry(scheduled.target.session, stack) if stack else None
    if end is None:
        raise StepRefusal("There is no schedule that deletes this environment.")
    return end


def _set_clock(scheduled: ScheduleTarget, moment: datetime) -> None:
    fake_clock.set_to(scheduled.emulator.directory, moment.timestamp())


def _await(scheduled: ScheduleTarget, look: Callable[[], bool], failure: str, *, limit: float = SECONDS) -> None:
    if scheduled.target.session.clock.until(lambda: True if look() else None, limit=limit) is None:
        raise StepRefusal(failure, why="\n".join(fake_clock.calls(scheduled.emulator.directory)))


def _is_at_rest(target: Target) -> bool:
    services = observe(target.session, target.env, target.outputs, target.web_url).services
    stopped = DATABASES[target.env.database.kind].is_stopped(target.session, target.outputs)
    return stopped and not any(service.desired or service.running for service in services)


def _told_browsers(scheduled: ScheduleTarget) -> str:
    """Return what browsers read in the place of the site, after a comma; empty where there is no load balancer."""
    if not scheduled.target.outputs.asleep_rule:
        return ""
    _await(scheduled, lambda: _page(scheduled.target) != "", "Browsers are not told that it sleeps.")
    return f", browsers read: {_page(scheduled.target)}"


def _page(target: Target) -> str:
    """Return when the site wakes, as its load balancer tells browsers; empty while it leads to the web server."""
    here, site = urlsplit(target.web_url), urlsplit(target.outputs.url)
    with closing(HTTPConnection(here.netloc, timeout=PAGE_SECONDS)) as connection:
        connection.request("GET", site.path or "/", headers={"Host": site.netloc})
        answer = connection.getresponse()
        said = re.search("is asleep</h1><p>(.*?)</p>", answer.read().decode())
    return said[1] if said and answer.status == HTTPStatus.SERVICE_UNAVAILABLE else ""


def _of_database(target: Target) -> str:
    return DATABASES[target.env.database.kind].at_rest


def _is_gone(scheduled: ScheduleTarget) -> bool:
    stack = scheduled.target.session.cloudformation.stack(scheduled.target.env.name)
    if stack is not None and stack.status == "DELETE_FAILED":
        raise RolloutFailure("CloudFormation could not delete what has expired.", why=stack.reason)
    return stack is None
