"""What an environment does when a DAG is triggered: workers start, are followed, and tasks leave a log."""

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure

DAG, TASK = "tutorial", "print_date"
"""Its first task, which Airflow tries again when its worker is gone."""
ENDED_WELL = "return code 0"
"""What its operator says at last: a log that has this is the task's own, and whole."""
PATIENCE_SECONDS = 240.0
"""Less than the heartbeat by which Airflow would notice a lost worker without ECS."""
SECONDS, LOG_SECONDS = 45.0, 15.0
"""How long to wait for workers and for logs once AWS has refused something."""
POLL_SECONDS = 0.3
NOTICED = frozenset({"up_for_retry", "failed"})


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Airflow, and the tasks of ECS in which it runs its own.

    `refused_since` tells when AWS refused something from a moment on, in seconds since 1970.
    """

    client: AirflowClient
    ecs: Any
    cluster: str
    family: str
    refused_since: Callable[[float], Iterable[float]]

    @cached_property
    def finished_run(self) -> str:
        """A run whose first task has left a log."""
        moment = time.time()
        run = self._run_to({"success"})
        assert self._has_log(run, moment)
        return run

    def start(self) -> bool:
        """Whether a worker starts when a DAG is triggered."""
        moment = time.time()
        self.client.trigger(DAG)
        return self._until(lambda: bool(self._workers(moment)))

    def are_followed(self) -> bool:
        """Whether Airflow notices that a worker was stopped."""
        moment = time.time()
        run = self.client.trigger(DAG)
        if not self._until(lambda: self._state(run) in {"queued", "running"} and bool(self._workers(moment))):
            return False
        for worker in self._workers(moment):
            self.ecs.stop_task(cluster=self.cluster, task=worker)
        return self._until(lambda: self._state(run) in NOTICED)

    def leave_a_log(self) -> bool:
        """Whether the log of a new task can be read."""
        moment = time.time()
        return self._has_log(self._run_to({"success", *NOTICED}), moment)

    def show_an_old_log(self) -> bool:
        """Whether the log of a task can be read that ran before anything was taken away."""
        return self._has_log(self.finished_run, time.time())

    def _run_to(self, states: set[str]) -> str:
        run = self.client.trigger(DAG)
        self._until(lambda: self._state(run) in states)
        return run

    def _has_log(self, run: str, since: float) -> bool:
        """Whether the log can be read after the end of the task, which nothing was to hinder since a moment."""
        return self._until(lambda: self._reads_log(run), LOG_SECONDS, since)

    def _reads_log(self, run: str) -> bool:
        with contextlib.suppress(AirflowClientFailure):
            return ENDED_WELL in self.client.task_log(DAG, run, TASK)
        return False

    def _state(self, run: str) -> str:
        with contextlib.suppress(AirflowClientFailure):
            return str(self.client.task(DAG, run, TASK)["state"])
        return ""

    def _workers(self, since: float) -> set[str]:
        """Return the workers that were started since a moment: a listing may show an older one late."""
        every = {"cluster": self.cluster, "family": self.family}
        listed = (self.ecs.list_tasks(**every, desiredStatus=status) for status in ("RUNNING", "STOPPED"))
        arns = [arn for page in listed for arn in page["taskArns"]]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns)["tasks"] if arns else []
        return {task["taskArn"] for task in tasks if task["createdAt"].timestamp() >= since}

    def _until(self, holds: Callable[[], bool], seconds: float = SECONDS, since: float | None = None) -> bool:
        """Wait with patience if AWS refused nothing since a moment, by default from now on; else so many seconds."""
        began = time.time()
        deadline = began + PATIENCE_SECONDS
        while not (held := holds()) and time.time() < deadline:
            time.sleep(POLL_SECONDS)
            for refusal in self.refused_since(began if since is None else since):
                deadline = min(deadline, max(began, refusal) + seconds)
        return held
