"""Says to whoever needs an environment that it sleeps, and until when."""

from compiler.contract import ALARM, schedule_name
from deployer.aws.session import Session
from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import now, wall
from deployer.stacks.outputs import Outputs
from spec.environment import Environment


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
