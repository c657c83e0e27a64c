"""Says to whoever needs an environment that it sleeps, and until when."""

from compiler.contract import ALARM, schedule_name
from deployer.aws.session import Session
from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import now, wall
from deployer.stacks.outputs import Outputs
from spec.environment import Environment

ASLEEP = "Asleep"
"""What an alarm says first that is set, as `runtime/due/alarm.py` has it."""


def is_waking(env: Environment, session: Session) -> bool:
    """Return whether the alarm of an environment that does not sleep still says so.

    Then it wakes, and its scheduler is not at work yet; or it is about to sleep, which whoever logs in takes back.
    """
    return bool(env.due) and session.scheduler.description(schedule_name(env.name, ALARM)).startswith(ASLEEP)


def told_asleep(env: Environment, session: Session, outputs: Outputs) -> str:
    """Return in a sentence until when an environment sleeps; empty where it is awake."""
    if env.schedule is None:
        return ""
    hour = now(session)
    if not is_asleep(env, session.ecs.services(outputs.cluster, tuple(outputs.services.values())), hour):
        return ""
    change = env.schedule.next_change(hour)
    if change is not None:
        return f"{env.name} is asleep until {wall(change)}."
    return f"{env.name} is asleep. Its alarm says: {session.scheduler.description(schedule_name(env.name, ALARM))}."
