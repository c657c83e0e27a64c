"""Whoever needs an environment that sleeps can wake it, unless a deploy is why it is at zero."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from deployer.deploy import deploy
from deployer.lifetime.asleep import told_asleep
from deployer.lifetime.waking import wake_up
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import PreflightRefusal
from spec.errors import Refusal
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.killed import Fault, Killed, KilledAt
from tests.deployer.fakes.session import Recorder
from tests.deployer.record.test_lease import ELSEWHERE, KEY

ENV = environment(name="schedule: {when: due}\nname")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the code of an environment."""
    return write_home(tmp_path, "dags/two.py")


@pytest.fixture
def world(home: Path) -> World:
    """Return a deployed environment that has gone to sleep, of which browsers are told."""
    return _sleeper(home)


def _sleeper(home: Path) -> World:
    world = World()
    session = world.session.as_session
    deploy(ENV, template_set(), session, images=Images(), progress=Recorder(), airflow_home=home)
    world.session.ecs.restores = True
    for name in world.session.ecs.running:
        world.session.ecs.scale("cluster", name, 0)
    stacks = world.session.cloudformation.stacks
    stacks[ENV.name] = replace(stacks[ENV.name], outputs={**stacks[ENV.name].outputs, "AsleepRule": "rule"})
    world.session.load_balancer.told = {"rule"}
    return world


def _outputs(world: World) -> Outputs:
    stack = world.session.as_session.cloudformation.stack(ENV.name)
    assert stack is not None
    return read_outputs(stack)


def test_it_starts_everything_and_waits_until_it_is_healthy(world: World) -> None:
    """The database first, services to their counts."""
    world.session.rds.states["db-1"] = ["stopped", "stopped", "starting", "available"]
    assert told_asleep(ENV, world.session.as_session, _outputs(world))
    wake_up(ENV, world.session.as_session, Recorder())
    assert not told_asleep(ENV, world.session.as_session, _outputs(world))
    assert world.session.rds.started == ["db-1"]


def test_it_waits_for_another_run(world: World) -> None:
    """A migration has services at zero, too; the lease is given back at the end."""
    session, progress = world.session.as_session, Recorder()
    bucket = find_templates_bucket(session) or ""
    held = {**ELSEWHERE, "what": "deploy"}
    world.session.s3.buckets[bucket][KEY] = json.dumps(held).encode()
    world.session.s3.written[KEY] = world.session.time.now()
    wake_up(ENV, session, progress)
    assert any("a deploy of" in note for note in progress.notes)
    assert world.session.s3.buckets[bucket][KEY] == b"{}"


def test_a_waking_that_ends_at_any_call_hides_no_web_server_and_is_completed_by_another(home: Path) -> None:
    """The page goes before a service starts."""
    undisturbed = KilledAt(_sleeper(home).session, 0)
    wake_up(ENV, undisturbed.as_session, Recorder())
    for at in range(1, len(undisturbed.made) + 1):
        for fault in (Fault.DIES_BEFORE, Fault.DIES_AFTER, Fault.ANSWER_IS_LOST, Fault.IS_THROTTLED):
            session = (world := _sleeper(home)).session
            with suppress(Killed, Refusal):
                wake_up(ENV, KilledAt(session, at, fault).as_session, Recorder())
            runs = any(service.desired for service in session.ecs.running.values())
            assert not (runs and session.load_balancer.told), (undisturbed.made[at - 1], fault)
            wake_up(ENV, session.as_session, Recorder())
            assert not told_asleep(ENV, session.as_session, _outputs(world))
            assert session.load_balancer.told == set()


def test_what_a_deploy_left_at_zero_does_not_sleep(world: World) -> None:
    """The deploy is run again."""
    stack = world.session.cloudformation.stacks[ENV.name]
    world.session.cloudformation.stacks[ENV.name] = replace(
        stack, parameters={name: "0" if name.endswith("Count") else value for name, value in stack.parameters.items()}
    )
    with pytest.raises(PreflightRefusal, match="does not sleep"):
        wake_up(ENV, world.session.as_session, Recorder())
    assert not any(service.desired for service in world.session.ecs.running.values())
