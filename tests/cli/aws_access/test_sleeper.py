"""A verb that needs an environment awake wakes it, or says how to."""

import io
from argparse import Namespace

import pytest

from cli.aws_access.sleeper import awake
from cli.command_line.verb import Call
from cli.terminal.screen import Screen
from deployer.aws.ecs import Service
from spec.errors import Refusal
from tests.deployer.fakes.environment import World, environment, outputs_of

DUE, HOURS = "schedule: {when: due}\nname", 'schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname'  # it is Monday


def _awake(schedule: str, tasks: int, alarm: str = "Awake: a run") -> str:
    world, said = World(), io.StringIO()
    world.session.scheduler.said["windsock-demo-scheduler-on"] = alarm
    world.session.ecs.running["Scheduler"] = Service(
        name="Scheduler", status="ACTIVE", desired=tasks, running=tasks, pending=0, rollout="COMPLETED", older=0
    )
    screen = Screen(out=io.StringIO(), err=said, answers=None, colour=False, live=False)
    call = Call(screen, Namespace(env="env.yaml", branch=None), {})
    outputs = outputs_of(world, SchedulerService="Scheduler")
    awake(call, environment(name=schedule), world.session.as_session, outputs)
    return said.getvalue()


@pytest.mark.parametrize("schedule", [DUE, HOURS, "name"])
def test_what_is_awake_is_left_alone(schedule: str) -> None:
    """Nothing is said."""
    assert _awake(schedule, 1) == ""


def test_what_sleeps_by_the_clock_is_not_woken() -> None:
    """It would stay awake until the next end of its hours."""
    with pytest.raises(Refusal, match=r"demo is asleep until Tue 12:00 UTC\.") as refusal:
        _awake(HOURS, 0)
    assert "`windsock deploy env.yaml`" in refusal.value.next_step


def test_what_sleeps_until_something_is_due_is_woken() -> None:
    """Here nothing is deployed, so that this ends with the first look."""
    with pytest.raises(Refusal, match="demo is not deployed"):
        _awake(DUE, 0)


def test_what_somebody_or_its_alarm_wakes_already_is_waited_for() -> None:
    """Its services are to run, and its alarm has not been told yet that they do."""
    with pytest.raises(Refusal, match="demo is not deployed"):
        _awake(DUE, 1, alarm="Asleep until 2026-11-03 01:45 UTC for a run")
