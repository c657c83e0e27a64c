"""What the database of an Airflow says of runs: asking its web server would count as somebody who works in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rehearsal.clients.postgres_dump import Instance, ask
from rehearsal.host.errors import RehearsalFailure
from tests.life.turned.dues import REPORTS, RETRY_DELAY, Begun, Due

SUCCESS, RETRIES = "success", "up_for_retry"
PAUSED = frozenset({"deferred", RETRIES})
"""The states of a task that goes on later."""
PROCESSES = frozenset({"SchedulerJob", "TriggererJob"})
HEARTBEATS = "SELECT DISTINCT job_type FROM job WHERE latest_heartbeat > to_timestamp({since})"
READ_BY_WATCH = "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'ab_user'"
"""Where nobody logs in, only the watch reads who has."""
DAGS = "SELECT dag_id FROM dag"
PAUSE = "UPDATE dag SET is_paused = true"
RUNS = """
SELECT extract(epoch from run.{due}), run.state, extract(epoch from run.start_date),
    task.state, extract(epoch from task.start_date), extract(epoch from task.end_date)
FROM dag_run run JOIN task_instance task USING (dag_id, run_id) WHERE dag_id = '{dag}' ORDER BY run.id
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run with its only task; what has not begun or ended yet has no time."""

    due: datetime | None
    state: str
    began: datetime | None
    task_state: str
    task_began: datetime | None
    task_ended: datetime | None


@dataclass(frozen=True)
class Airflow:
    """The database; `due` is the column with the time for which a run was made."""

    instance: Instance
    due: str

    def runs(self, dag: str) -> Sequence[Run]:
        """Return the runs of a DAG, the newest last."""
        rows = self._ask(RUNS.format(due=self.due, dag=dag))
        return [
            Run(
                due=_moment(due),
                state=state,
                began=_moment(began),
                task_state=task_state,
                task_began=_moment(task_began),
                task_ended=_moment(task_ended),
            )
            for due, state, began, task_state, task_began, task_ended in rows
        ]

    def works(self, since: datetime) -> bool:
        """Whether scheduler and triggerer have shown a heartbeat since a moment."""
        return {row[0] for row in self._ask(HEARTBEATS.format(since=since.timestamp()))} >= PROCESSES

    @property
    def looks(self) -> int:
        """How often the watch has read the database so far, or a number that grows with it."""
        return sum(int(row[0]) for row in self._ask(READ_BY_WATCH))

    @property
    def dags(self) -> set[str]:
        """The DAGs that it knows."""
        return {row[0] for row in self._ask(DAGS)}

    def pause(self) -> None:
        """Pause all DAGs, as nobody who works in it."""
        ask(self.instance, PAUSE)

    def _ask(self, query: str) -> list[list[str]]:
        """Return what the database says; nothing while it starts."""
        try:
            return ask(self.instance, query)
        except RehearsalFailure:
            return []


def begun(run: Run, due: Due, before: Begun | None) -> Begun | None:
    """Return what has begun as it was due, once it is done or has come to its pause; `before` was begun last."""
    paused = run.task_state in PAUSED and not due.goes_on
    if not (run.began and run.task_began and (run.state == SUCCESS or paused)):
        return None
    started = max(run.began, run.task_began)
    ended = run.task_ended or started
    if due.dag == REPORTS:
        expected = before.ended if before else due.at
        is_meant = run.began >= expected
    else:
        expected = before.ended + RETRY_DELAY if due.goes_on and before and before.retries else due.at
        is_meant = due.goes_on or run.due == due.at
    began = ended if due.goes_on else started
    seen = Begun(dag=due.dag, due=expected, began=began, ended=ended, retries=run.task_state == RETRIES)
    return seen if is_meant else None


def _moment(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None
