"""The acts of a rehearsal for which the clock is turned: an evening, a morning, and the end that a ttl sets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from acceptance.checks import Target, work_again
from acceptance.emulated_aws import front_door
from acceptance.steps import StepRefusal, Steps
from compiler.contract import BOOTSTRAP_STACK
from deployer.aws.inventory import inventory
from deployer.health.verify import observe, verify
from deployer.lifetime.ttl import expiry, extend, words
from deployer.stacks.rollout import RolloutFailure
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.emulator.rules import fake_clock
from rehearsal.session.emulator_session import EmulatorSession
from spec.sections.schedule import Schedule
from spec.sections.ttl import LONGEST

EXTENSION = timedelta(weeks=2)
"""So long a night is not, whatever the office hours."""

AFTER_CLOSING = timedelta(minutes=30)
"""By then the database has stopped too."""

SECONDS = 300.0
UNTOUCHED_SECONDS = 3.0
SURVIVORS = (f"stack {BOOTSTRAP_STACK}", f"bucket {BOOTSTRAP_STACK}-", f"role {BOOTSTRAP_STACK}-")
"""What is not the environment's but the account's, and goes with the last teardown."""


@dataclass(frozen=True)
class ScheduleTarget:
    """An environment in the emulator whose clock is turned, and who runs which DAG to see that it lives."""

    target: Target
    emulator: EmulatorSession
    client: AirflowClient
    dag: str | None = None


def check_schedule(stay: ScheduleTarget, steps: Steps) -> None:
    """Let a night pass where there are office hours, and the whole life where it has an end."""
    env = stay.target.env
    if env.ttl and _expiry(stay) + EXTENSION <= datetime.now(UTC) + LONGEST:
        _extend(stay, steps)
    if env.schedule:
        _sleep(stay, env.schedule, steps)
    if env.ttl:
        _expire(stay, steps)


def night(hours: Schedule, moment: datetime) -> tuple[datetime, datetime]:
    """Return when, after a moment, an environment next goes to sleep, and when it wakes from that."""
    evening = hours.next_change(moment)
    while hours.is_open(evening):
        evening = hours.next_change(evening)
    return evening, hours.next_change(evening)


def _extend(stay: ScheduleTarget, steps: Steps) -> None:
    with steps.step("extend", "Giving it more time") as notes:
        extension = extend(stay.target.env, stay.target.session, EXTENSION)
        if _expiry(stay) != extension.after:
            raise StepRefusal("The schedule does not say what was extended.")
        notes.saw = f"{words(extension.before)} became {words(extension.after)}"


def _sleep(stay: ScheduleTarget, hours: Schedule, steps: Steps) -> None:
    target = stay.target
    evening, morning = night(hours, datetime.now(UTC))
    with steps.step("evening", f"Turning the clock to {evening:%A %H:%M} {hours.timezone}") as notes:
        _turn(stay, evening.astimezone(UTC) + AFTER_CLOSING)  # half an hour, also where summer time ends
        _await(stay, lambda: _is_at_rest(target), "Services and database do not stop at the end of the hours.")
        notes.saw = "no service runs, the database is stopped"
    with steps.step("morning", f"Turning the clock to {morning:%A %H:%M} {hours.timezone}") as notes:
        _turn(stay, morning + timedelta(seconds=1))
        _await(stay, lambda: not _is_at_rest(target), "Nothing starts when the hours begin.")
        health = verify(target.session, target.env, target.outputs, target.web_url)
        with front_door(target.env, target.session, target.outputs, stay.emulator) as url:
            stay.client.use_address(url)
            ran = work_again(target, stay.client, stay.dag)
        notes.saw = ", ".join([*(f"{service.process} healthy" for service in health.services), ran])


def _expire(stay: ScheduleTarget, steps: Steps) -> None:
    session, end = stay.target.session, _expiry(stay)
    with steps.step("expiry", f"Turning the clock past {words(end)}") as notes:
        _turn(stay, end - timedelta(minutes=1))
        session.clock.sleep(UNTOUCHED_SECONDS)
        if (stack := session.cloudformation.stack(stay.target.env.name)) is None or "DELETE" in stack.status:
            raise StepRefusal("It was deleted before its time was over.")
        _turn(stay, end + timedelta(seconds=1))
        _await(stay, lambda: _is_gone(stay), "It was not deleted when its time was over.")
        left = [thing for thing in inventory(session) if not thing.startswith(SURVIVORS)]
        if left:
            raise StepRefusal("An expired environment left something behind.", why="\n".join(left))
        notes.saw = "deleted by its schedule alone; only the toolkit is left"


def _expiry(stay: ScheduleTarget) -> datetime:
    stack = stay.target.session.cloudformation.stack(stay.target.env.name)
    end = expiry(stay.target.session, stack) if stack else None
    if end is None:
        raise StepRefusal("There is no schedule that deletes this environment.")
    return end


def _turn(stay: ScheduleTarget, moment: datetime) -> None:
    fake_clock.set_to(stay.emulator.directory, moment.timestamp())


def _await(stay: ScheduleTarget, look: Callable[[], bool], complaint: str) -> None:
    if stay.target.session.clock.until(lambda: True if look() else None, limit=SECONDS) is None:
        raise StepRefusal(complaint, why="\n".join(fake_clock.calls(stay.emulator.directory)))


def _is_at_rest(target: Target) -> bool:
    services = observe(target.session, target.env, target.outputs, target.web_url).services
    container = bool(target.outputs.database_service)  # then it is one of the services
    stopped = container or target.session.rds.state(target.outputs.database) == "stopped"
    return stopped and not any(service.desired or service.running for service in services)


def _is_gone(stay: ScheduleTarget) -> bool:
    stack = stay.target.session.cloudformation.stack(stay.target.env.name)
    if stack is not None and stack.status == "DELETE_FAILED":
        raise RolloutFailure("CloudFormation could not delete what has expired.", why=stack.reason)
    return stack is None
