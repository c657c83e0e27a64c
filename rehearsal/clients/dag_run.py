"""Follows the run of a DAG: the lines that its tasks log, as they write them, until it has ended."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure

ENDED = frozenset({"success", "failed"})
"""The states in which a run stays."""

TASK_ENDED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed", "up_for_retry"})

LATE_LOOKS = 10
"""How often a run that has ended is looked at again while its logs are not whole: the last lines may arrive late."""

_SOURCES = ("*** ", "No log stream found in CloudWatch")
"""With these begin the lines in which Airflow says where it found a log; from 2.11 on it has a group of them, too."""
_SOURCE_GROUP, _GROUP_END = "::group::Log message source", "::endgroup::"


@dataclass(frozen=True)
class TaskLine:
    """One line of the log of a task."""

    task: str
    text: str


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One attempt of a task of a run."""

    task: str
    attempt: int
    map_index: int
    ended: bool

    @property
    def key(self) -> tuple[str, int, int]:
        return self.task, self.map_index, self.attempt

    @property
    def name(self) -> str:
        """The task as its lines name it."""
        return f"{self.task}[{self.map_index}]" if self.map_index >= 0 else self.task


def follow_run(client: AirflowClient, dag: str, run: str, sleep: Callable[[], None]) -> Iterator[TaskLine]:
    """Yield the lines of every task until the run has ended; `sleep` waits between two looks."""
    printed: dict[tuple[str, int, int], Counter[str]] = {}
    longest: Counter[tuple[str, int, int]] = Counter()
    late = LATE_LOOKS
    while True:
        state, settled = _state(client, dag, run), True
        for attempt in _tries(client, dag, run):
            lines = _lines(client, dag, run, attempt)
            known = printed.setdefault(attempt.key, Counter())
            # The last line of a task that runs may be half written.
            whole = lines if attempt.ended or state in ENDED else lines[:-1]
            new = Counter(whole) - known
            yield from (TaskLine(attempt.name, line) for line in _last_of_each(whole, new))
            known.update(new)
            # When a worker ends, what it served is gone, and the last lines may not be in CloudWatch yet.
            longest[attempt.key] = max(longest[attempt.key], len(lines))
            settled = settled and not new and len(whole) == longest[attempt.key] > 0
        if state in ENDED:
            late -= 1
            if settled or late < 0:
                return
        sleep()


def _last_of_each(lines: Sequence[str], new: Counter[str]) -> list[str]:
    """Return as many of the last lines of each text as are new, in their order."""
    left, chosen = Counter(new), []
    for line in reversed(lines):
        if left[line]:
            left[line] -= 1
            chosen.append(line)
    return chosen[::-1]


def _state(client: AirflowClient, dag: str, run: str) -> str:
    try:
        return client.run_state(dag, run)
    except AirflowClientFailure as failure:
        if failure.status is not None:  # a busy web server may not answer
            raise
        return ""


def _tries(client: AirflowClient, dag: str, run: str) -> list[_Try]:
    try:
        tasks = client.tasks(dag, run)
    except AirflowClientFailure as failure:
        if failure.status is not None:
            raise
        return []
    started = sorted((task for task in tasks if task.get("start_date")), key=lambda task: str(task["start_date"]))
    return [_try(task) for task in started]


def _try(task: dict[str, Any]) -> _Try:
    index = task.get("map_index")
    return _Try(
        task=str(task["task_id"]),
        attempt=int(task.get("try_number") or 1),
        map_index=-1 if index is None else int(index),
        ended=task.get("state") in TASK_ENDED,
    )


def _lines(client: AirflowClient, dag: str, run: str, tried: _Try) -> list[str]:
    try:
        text = client.task_log(dag, run, tried.task, attempt=tried.attempt, map_index=tried.map_index)
    except AirflowClientFailure:  # its worker has not written anything yet
        return []
    lines = _without_source_group(text.splitlines())
    return [line for line in lines if not line.startswith(_SOURCES) and not line.endswith(_GROUP_END)]


def _without_source_group(lines: Sequence[str]) -> Iterator[str]:
    """Yield the other lines, without the host that Airflow 2 names before that group."""
    within = any(_SOURCE_GROUP in line for line in lines[:2])
    for line in lines:
        within = _SOURCE_GROUP in line or (within and not line.endswith(_GROUP_END))
        if not within:
            yield line
