"""Who deploys reads that running Airflow tasks may be killed, where a service runs them."""

import pytest

from deployer.steps.services.replaced_tasks import warn_of_replaced_tasks
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import Recorder


@pytest.mark.parametrize(("executor", "notes"), [("local", 1), ("ecs", 0)])
def test_only_tasks_that_run_in_a_service_end_with_it(executor: str, notes: int) -> None:
    """Workers of the ECS executor are tasks of their own, which no deployment of a service ends."""
    progress = Recorder()
    env = environment(**{'python: "3.10"': f'python: "3.10", executor: {executor}'})
    warn_of_replaced_tasks(env, progress)
    assert len(progress.notes) == notes
    assert all("the scheduler" in note for note in progress.notes)
