"""Workers are counted against the tries of Airflow's tasks, and each try must have left a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from acceptance.steps import StepRefusal
from acceptance.worker_checks import observe_workers
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.session import FakeSession

if TYPE_CHECKING:
    from rehearsal.clients.airflow_client import AirflowClient

FAMILY = "demo-worker"
ARN = "arn:aws:ecs:us-west-2:123456789012:task/cluster"


@dataclass
class Reader:
    """The part of an Airflow client that reads tries and logs; one task of one run was tried so often."""

    tried: int = 1
    logs: Mapping[int, str] = field(default_factory=lambda: {1: "hello"})

    def tries(self, _dag: str, _run: str) -> dict[str, int]:
        """Mirror the client."""
        return {"task": self.tried}

    def task_log(self, _dag: str, _run: str, _task: str, *, attempt: int = 1) -> str:
        """Mirror the client."""
        return self.logs.get(attempt, "")


def observe(reader: Reader, *statuses: str) -> str:
    """Look at a cluster with workers in these states, and one task of a service."""
    session = FakeSession()
    session.ecs.known = {
        f"{ARN}/{number}": task(f"{ARN}/{number}", f"{FAMILY}:1", status=status, group=f"family:{FAMILY}")
        for number, status in enumerate(statuses)
    }
    session.ecs.known[f"{ARN}/web"] = task(f"{ARN}/web", "web:1", status="RUNNING", group="service:Web")
    return str(observe_workers(session.as_session, "cluster", FAMILY, cast("AirflowClient", reader), {"dag": "run"}))


def test_each_try_with_its_worker_and_its_log_passes() -> None:
    """What was tried twice ran in two tasks, and both logs are there."""
    seen = observe(Reader(2, {1: "first", 2: "second"}), "STOPPED", "STOPPED")
    assert seen == "2 Airflow tasks ran in 2 ECS tasks; every log is there without them"


def test_a_try_without_a_worker_fails() -> None:
    """A task that ran elsewhere is found out: there are fewer ECS tasks than tries."""
    with pytest.raises(StepRefusal, match="only 0 ECS tasks"):
        observe(Reader())


def test_a_worker_that_does_not_end_fails() -> None:
    """A worker that outlives its run costs money: the check reports it after a while."""
    with pytest.raises(StepRefusal, match="Workers still run"):
        observe(Reader(), "RUNNING")


@pytest.mark.parametrize(
    "log", ["", "*** Unable to read remote logs from Cloudwatch", "No log stream found in CloudWatch"]
)
def test_a_missing_log_fails(log: str) -> None:
    """An empty log, or an excuse in the place of one, is no log."""
    with pytest.raises(StepRefusal, match=r"The log of dag\.task, attempt 1"):
        observe(Reader(logs={1: log}), "STOPPED")
