"""Whoever needs an environment that sleeps reads until when."""

import pytest

from deployer.aws.ecs import Service
from deployer.lifetime.asleep import told_asleep
from tests.deployer.fakes.environment import World, environment, outputs_of

DUE, HOURS = "schedule: {when: due}\nname", 'schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname'  # it is Monday


def _told(schedule: str, tasks: int) -> str:
    world, env = World(), environment(name=schedule)
    for name, count in (("Scheduler", tasks), ("Database", 1)):
        world.session.ecs.running[name] = Service(
            name=name, status="ACTIVE", desired=count, running=count, pending=0, rollout="COMPLETED", older=0
        )
    world.session.scheduler.said["windsock-demo-scheduler-on"] = "Asleep until 2026-11-03 01:45 UTC for a run"
    outputs = outputs_of(world, SchedulerService="Scheduler", DatabaseService="Database")
    return told_asleep(env, world.session.as_session, outputs)


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        (HOURS, "demo is asleep until Tue 12:00 UTC."),
        (DUE, "demo is asleep. Its alarm says: Asleep until 2026-11-03 01:45 UTC for a run."),
    ],
)
def test_what_sleeps_says_until_when(schedule: str, told: str) -> None:
    """By the clock, or by its alarm; a database in a container stops ten minutes later."""
    assert _told(schedule, 0) == told


@pytest.mark.parametrize(("schedule", "tasks"), [(DUE, 1), (HOURS, 1), ("name", 0)])
def test_what_is_awake_or_never_sleeps_says_nothing(schedule: str, tasks: int) -> None:
    """Services at zero without a schedule are no sleep."""
    assert _told(schedule, tasks) == ""
