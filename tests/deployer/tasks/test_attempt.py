"""An attempt has a name in the deploy state for as long as its tasks may run."""

import json

import pytest

from deployer.tasks.attempt import attempt
from deployer.tasks.one_off_tasks import OneOffTaskFailure
from deployer.tasks.sync import sync_task
from tests.deployer.fakes.running import Running, behind


def test_an_attempt_writes_its_name_before_its_tasks_start() -> None:
    """A run after a kill finds it there; the state that comes back names none."""
    running = Running()
    outputs = running.facts().outputs
    state = attempt(running.world.session.as_session, outputs, (sync_task(running.env, outputs, "v1"),), behind())
    assert state.run == ""
    assert json.loads(running.stored())["run"]


def test_a_second_run_joins_the_tasks_of_the_first() -> None:
    """The same name starts nothing twice."""
    running = Running()
    outputs = running.facts().outputs
    for _ in range(2):
        attempt(running.world.session.as_session, outputs, (sync_task(running.env, outputs, "v1"),), behind(run="abc"))
    assert len(running.world.session.ecs.runs) == 1


def test_a_failure_ends_the_attempt() -> None:
    """The next run starts new tasks."""
    running = Running()
    running.world.session.ecs.exits["sync:1"] = 1
    outputs = running.facts().outputs
    with pytest.raises(OneOffTaskFailure):
        attempt(running.world.session.as_session, outputs, (sync_task(running.env, outputs, "v1"),), behind(run="abc"))
    assert json.loads(running.stored())["run"] == ""
