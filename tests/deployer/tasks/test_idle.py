"""Before what runs tasks is stopped, a one-off task waits for their end."""

import ast
import shlex

import pytest

from deployer.tasks.idle import LONGEST_MINUTES, RunningTasksRefusal, await_idle
from deployer.tasks.one_off_tasks import _TASK_SECONDS
from tests.deployer.fakes.environment import World, environment, outputs_of

OVERRIDES = 8192
"""Characters that ECS takes as overrides of a task: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html"""


def test_it_runs_in_the_deployed_image_with_the_driver_of_the_database() -> None:
    """As bash sees it: Python with a script that is whole, the driver and the minutes."""
    world = World()
    await_idle(environment(), world.session.as_session, outputs_of(world), minutes=7)
    ((definition, script),) = world.session.ecs.runs
    assert definition == "command:1"
    python, flag, text, driver, minutes = shlex.split(script.partition("LOGGING_CONFIG_CLASS\n")[2])
    assert (python, flag, driver, minutes) == ("python", "-c", "psycopg2", "7")
    assert ast.parse(text)
    assert len(script) < OVERRIDES - 1024


def test_tasks_that_do_not_end_are_a_refusal_with_both_ways_on() -> None:
    """Wait longer, or end them."""
    world = World()
    world.session.ecs.exits["command:1"] = 1
    with pytest.raises(RunningTasksRefusal, match="did not end within 7 minutes; nothing was changed") as refusal:
        await_idle(environment(), world.session.as_session, outputs_of(world), minutes=7)
    assert "--drain 0" in refusal.value.next_step


def test_each_wait_is_one_of_its_own() -> None:
    """What was at rest an hour ago may be busy now."""
    world = World()
    for _ in range(2):
        await_idle(environment(), world.session.as_session, outputs_of(world), minutes=7)
    assert len(world.session.ecs.runs) == 2


def test_the_longest_wait_fits_into_a_one_off_task() -> None:
    """Which ends, whatever happens."""
    assert LONGEST_MINUTES * 60 < _TASK_SECONDS
