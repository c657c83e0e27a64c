"""Workers are of a size that is sold, run on some capacity, and are there only where they have work."""

from dataclasses import replace

import pytest
from pydantic_core import PydanticCustomError

from spec.environment import Environment
from spec.errors import Fault
from spec.releases.table import NEWEST, RELEASES, Release
from spec.sections.airflow import refuse_executor
from tests.spec.sound import bent, refused

PYTHON = 'python: "3.10"'
ECS = f"{PYTHON}, executor: ecs"


def on_ecs(more: str = "") -> Environment:
    """Return the sound environment with the ECS executor."""
    return bent(PYTHON, ECS, more=more)


def refused_on_ecs(more: str) -> Fault:
    """Return the only fault of it."""
    return refused(PYTHON, ECS, more=more)


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_release_has_workers(release: Release) -> None:
    """Each release of the table runs with the ECS executor."""
    airflow = f'version: {release.version}, python: "{release.pythons[0]}", executor: ecs'
    assert bent('version: 2.5.3, python: "3.10"', airflow).on_ecs


def test_one_word_is_enough() -> None:
    """With `executor: ecs` alone, workers have a size, run on demand, and their logs go to CloudWatch."""
    env = on_ecs()
    assert (env.workers_or_default.cpu, env.workers_or_default.memory) == (512, 1024)
    assert env.workers_or_default.capacity.weights == {"FARGATE": 1}
    assert env.remote_logs == "cloudwatch"


def test_without_workers_logs_stay_where_they_are() -> None:
    """With the local executor task logs are on the file system alone, and may be kept elsewhere too."""
    assert bent().remote_logs == "none"
    assert bent(more="logs: {remote: s3}\n").remote_logs == "s3"


def test_the_scheduler_runs_no_tasks_beside_workers() -> None:
    """What a scheduler needs because tasks run in it, it needs no longer."""
    assert [process.name for process in bent().processes if process.runs_tasks] == ["scheduler"]
    assert not any(process.runs_tasks for process in on_ecs().processes)


def test_weights() -> None:
    """A mix names both capacities, each with its weight; a weight of 0 leaves one out."""
    mixed = on_ecs("workers: {cpu: 256, memory: 512, capacity: {on_demand: 1, spot: 3}}\n").workers_or_default
    assert mixed.capacity.weights == {"FARGATE": 1, "FARGATE_SPOT": 3}
    spot = on_ecs("workers: {cpu: 256, memory: 512, capacity: {on_demand: 0, spot: 1}}\n").workers_or_default
    assert spot.capacity.weights == {"FARGATE_SPOT": 1}


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("workers: {cpu: 256, memory: 512, capacity: {on_demand: 0}}", "workers.capacity"),
        ("workers: {cpu: 256, memory: 4096}", "workers.memory"),
        ("workers: {cpu: 256, memory: 512, policies: [ReadOnlyAccess]}", "workers.policies[0]"),
        ("logs: {remote: none}", "logs.remote"),
    ],
)
def test_what_workers_cannot_do_without(section: str, path: str) -> None:
    """No capacity, no size that is sold, no policy by that name and no place for logs: each is refused at its place."""
    fault = refused_on_ecs(f"{section}\n")
    assert fault.path == path
    assert fault.hint


def test_workers_without_work() -> None:
    """A section that would change nothing is refused, with the word that gives it a meaning."""
    fault = refused(more="workers: {cpu: 256, memory: 512}\n")
    assert (fault.path, fault.hint) == ("workers", "set airflow.executor: ecs, or remove this section")


def test_a_release_without_the_executor() -> None:
    """A release whose table entry has no such executor is refused with those that have one."""
    with pytest.raises(PydanticCustomError) as caught:
        refuse_executor(replace(NEWEST, version="1.10.15", ecs=None), "ecs")
    (complaint,) = (caught.value.context or {})["complaints"]
    assert "1.10.15" in complaint.message
    assert NEWEST.version in complaint.hint
    refuse_executor(replace(NEWEST, ecs=None), "local")
