"""With the ECS executor tasks run in workers, on every release that has this executor."""

from dataclasses import replace

import pytest

from spec.releases.table import NEWEST, RELEASES, Release
from spec.sections.executors.ecs import Ecs
from tests.spec.minimal import ECS, PYTHON, minimal


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_release_has_workers(release: Release) -> None:
    """Each release of the table runs with the ECS executor."""
    airflow = f'version: {release.version}, python: "{release.pythons[0]}", executor: ecs'
    assert minimal('version: 2.5.3, python: "3.10"', airflow).executor.has_workers


def test_workers_have_a_size_and_remote_logs_by_default() -> None:
    """With `executor: ecs` alone, workers have a size, run on demand, and their logs go to CloudWatch."""
    env = minimal(PYTHON, ECS)
    assert (env.workers_or_default.cpu, env.workers_or_default.memory) == (512, 1024)
    assert env.workers_or_default.capacity.weights == {"FARGATE": 1}
    assert env.remote_logs == "cloudwatch"


def test_no_process_runs_tasks_beside_workers() -> None:
    """A scheduler beside workers does not run tasks."""
    assert [process.name for process in minimal().processes if process.runs_tasks] == ["scheduler"]
    assert not any(process.runs_tasks for process in minimal(PYTHON, ECS).processes)


def test_a_release_without_the_executor_is_refused() -> None:
    """The message names the releases that have it."""
    (violation,) = Ecs().check_release(replace(NEWEST, version="1.10.15", ecs=None))
    assert "1.10.15" in violation.message
    assert NEWEST.version in violation.hint
