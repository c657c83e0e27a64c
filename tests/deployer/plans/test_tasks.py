"""One-off tasks are planned by what deploy state and outputs say."""

from dataclasses import replace

from deployer.plans.observed import Observed
from deployer.plans.tasks import planned_tasks
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE, deployed


def _commands(observed: Observed) -> list[tuple[str, Need]]:
    tasks = tuple(planned_tasks(environment(), CODE, observed))
    words = ("db init", "db upgrade", "users create")
    return [(word, task.need) for task in tasks for word in words if word in task.command]


def test_a_known_database_is_only_migrated_and_only_perhaps() -> None:
    """Whether the image is new, the repository says."""
    assert _commands(deployed()) == [("db upgrade", Need.UNKNOWN)]


def test_a_database_of_another_release_is_initialised() -> None:
    """The deploy state names the release it was initialised for."""
    observed = deployed()
    observed = replace(observed, state=replace(observed.state, airflow_version="2.4.0"))
    assert _commands(observed) == [("db init", Need.YES), ("users create", Need.YES)]
