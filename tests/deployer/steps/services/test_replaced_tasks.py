"""Who deploys reads that running Airflow tasks may be killed, where a service runs them."""

from dataclasses import replace

import pytest

from deployer.steps.services.replaced_tasks import spare_running_tasks, warn_of_replaced_tasks
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.session import Recorder


@pytest.mark.parametrize(("executor", "notes"), [("local", 1), ("ecs", 0)])
def test_only_tasks_that_run_in_a_service_end_with_it(executor: str, notes: int) -> None:
    """Workers of the ECS executor are tasks of their own, which no deployment of a service ends."""
    progress = Recorder()
    env = environment(**{'python: "3.10"': f'python: "3.10", executor: {executor}'})
    warn_of_replaced_tasks(env, progress)
    assert len(progress.notes) == notes
    assert all("the scheduler" in note for note in progress.notes)


@pytest.mark.parametrize(("executor", "minutes", "waits"), [("local", 5, 1), ("local", 0, 0), ("ecs", 5, 0)])
def test_tasks_are_waited_for_where_a_service_runs_them_and_somebody_wants_it(
    executor: str, minutes: int, waits: int
) -> None:
    """Before the change set is executed."""
    running = Running(env=environment(**{'python: "3.10"': f'python: "3.10", executor: {executor}'}))
    spare_running_tasks(replace(running.context, drain_minutes=minutes), running.stack)
    assert len(running.world.session.ecs.runs) == waits


def test_a_first_deploy_has_no_tasks_to_wait_for() -> None:
    """There is no stack."""
    running = Running()
    spare_running_tasks(replace(running.context, drain_minutes=5), None)
    assert running.world.session.ecs.runs == []
