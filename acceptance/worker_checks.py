"""Checks workers: each try of an Airflow task ran in an ECS task of its own, and its log is still there."""

from collections.abc import Mapping
from dataclasses import dataclass

from acceptance.steps import StepRefusal
from deployer.aws.ecs import Task
from deployer.aws.session import Session
from rehearsal.clients.airflow_client import AirflowClient

END_SECONDS = 120.0
LOST_LOGS = ("No log stream found", "Unable to read remote logs", "Could not read served logs")
"""What the web interface shows instead of a log that it does not find."""


@dataclass(frozen=True)
class WorkerReport:
    """How many tries of Airflow tasks there were, and the ECS tasks in which they ran."""

    tries: int
    workers: tuple[Task, ...]

    def __str__(self) -> str:
        return f"{self.tries} Airflow tasks ran in {len(self.workers)} ECS tasks; every log is there without them"


def observe_workers(
    session: Session, cluster: str, family: str, client: AirflowClient, runs: Mapping[str, str]
) -> WorkerReport:
    """Wait for the end of the workers, which are tasks of `family`; then read every log of `runs` (DAG to run id)."""
    tries = [
        (dag, run, task, attempt)
        for dag, run in runs.items()
        for task, tried in client.tries(dag, run).items()
        for attempt in range(1, tried + 1)
    ]
    workers = _all_ended(session, cluster, f"family:{family}", len(tries))
    if workers is None:
        raise StepRefusal(
            f"Workers still run {END_SECONDS:.0f} s after the end of their DAG runs.",
            next_step="Look at what the tasks leave behind: a process that they started keeps a worker alive.",
        )
    if len(workers) < len(tries):
        raise StepRefusal(
            f"{len(tries)} Airflow tasks were tried, but only {len(workers)} ECS tasks were started for them.",
            next_step="Look at [core] executor in the scheduler's environment.",
        )
    for dag, run, task, attempt in tries:
        log = client.task_log(dag, run, task, attempt=attempt)
        if not log.strip() or any(words in log for words in LOST_LOGS):
            raise StepRefusal(
                f"The log of {dag}.{task}, attempt {attempt}, is not there any more.",
                why=log.strip(),
                next_step="Look at `logs.remote` and at the worker's role.",
            )
    return WorkerReport(len(tries), workers)


def _all_ended(session: Session, cluster: str, group: str, least: int) -> tuple[Task, ...] | None:
    """Wait for workers until all have ended and ECS lists enough of them: its lists lag behind."""

    def look() -> tuple[Task, ...] | None:
        found = _ended(session, cluster, group)
        return found if found is not None and len(found) >= least else None

    return session.clock.until(look, limit=END_SECONDS) or _ended(session, cluster, group)


def _ended(session: Session, cluster: str, group: str) -> tuple[Task, ...] | None:
    arns = (*session.ecs.task_arns(cluster), *session.ecs.task_arns(cluster, status="STOPPED"))
    workers = tuple(task for task in session.ecs.tasks(cluster, arns) if task.group == group)
    return None if any(worker.status != "STOPPED" for worker in workers) else workers
