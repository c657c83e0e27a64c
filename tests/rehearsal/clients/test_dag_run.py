"""What tasks log is printed while they run, each line once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure
from rehearsal.clients.dag_run import LATE_LOOKS, follow_run


@dataclass
class Web:
    """A web server with a run: its states, and what its tasks have logged at each look; silent where that is None.

    After the last look all stays as it is.
    """

    looks: list[tuple[str, Mapping[str, tuple[str, str]]] | None]
    at: int = 0
    asked: list[tuple[str, int, int]] = field(default_factory=list)

    def sleep(self) -> None:
        """Let the next look see more."""
        self.at += 1

    def run_state(self, _dag: str, _run: str) -> str:
        """Mirror the real client."""
        return self._look()[0]

    def tasks(self, _dag: str, _run: str) -> tuple[dict[str, Any], ...]:
        """Mirror the real client; a task in brackets is one of a mapped task, one without a state did not begin."""
        return tuple(
            {
                "task_id": name.partition("[")[0],
                "map_index": int(name.partition("[")[2].rstrip("]") or -1),
                "state": state,
                "start_date": number + 1 if state else None,
                "try_number": 1,
            }
            for number, (name, (state, _)) in enumerate(self._look()[1].items())
        )

    def task_log(self, _dag: str, _run: str, task: str, *, attempt: int, map_index: int) -> str:
        """Mirror the real client."""
        self.asked.append((task, attempt, map_index))
        return self._look()[1][task if map_index < 0 else f"{task}[{map_index}]"][1]

    def _look(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        look = self.looks[min(self.at, len(self.looks) - 1)]
        if look is None:
            raise AirflowClientFailure("no answer", "", "")
        return look


def _follow(*looks: tuple[str, Mapping[str, tuple[str, str]]] | None) -> list[str]:
    web = Web(list(looks))
    return [f"{line.task}: {line.text}" for line in follow_run(cast("AirflowClient", web), "dag", "run", web.sleep)]


def test_lines_are_printed_once_and_whole() -> None:
    """The last line of a task that runs may be half written; a busy server is asked again."""
    assert _follow(
        ("queued", {"load": ("", "")}),
        ("running", {"load": ("running", "*** Found local files:\none\ntw")}),
        None,
        ("running", {"load": ("success", "*** Found local files:\none\ntwo"), "tell": ("running", "a\n")}),
        ("success", {"load": ("success", "one\ntwo"), "tell": ("success", "a\nb")}),
    ) == ["load: one", "load: two", "tell: a", "tell: b"]


def test_lines_that_arrive_after_the_end_are_printed() -> None:
    """The log of a task that took no time may not be there yet."""
    assert _follow(
        ("success", {"load": ("success", "one"), "tell": ("success", "")}),
        ("success", {"load": ("success", "one"), "tell": ("success", "a")}),
    ) == ["load: one", "tell: a"]


def test_what_a_worker_served_is_not_printed_again_from_cloudwatch_nor_is_what_comes_later_lost() -> None:
    """CloudWatch has the last lines some seconds after the worker has ended; a task may say the same more than once."""
    assert _follow(
        ("running", {"load": ("running", "*** From a worker\none\nagain\nagain\nthree\n")}),
        ("success", {"load": ("success", "one\nagain")}),
        ("success", {"load": ("success", "one\nagain\nagain")}),
        ("success", {"load": ("success", "one\nagain\nagain\nthree\nfour")}),
    ) == ["load: one", "load: again", "load: again", "load: three", "load: four"]


@pytest.mark.parametrize(("host", "level"), [("", ""), ("ip-10-0-0-1.internal\n", "  INFO - ")])
def test_where_airflow_found_a_log_is_not_printed(host: str, level: str) -> None:
    """Airflow says so in a group of lines, Airflow 2 below a host."""
    found = f"{host}{level}::group::Log message source details\nhttp://10.0.0.1:8793/log\n{level}::endgroup::\n"
    looks = f"{found}No log stream found in CloudWatch (log_group=logs)\n::group::Pre Execute\n::endgroup::\none"
    assert _follow(("success", {"load": ("success", looks)})) == ["load: ::group::Pre Execute", "load: one"]


def test_a_task_that_logs_nothing_holds_nobody_up() -> None:
    """A few more looks, and it ends."""
    looks = [("success", {"load": ("success", "")})] * (LATE_LOOKS + 1)
    assert _follow(*looks) == []


def test_mapped_tasks_are_told_apart() -> None:
    """By their index."""
    seen = _follow(("failed", {"load[0]": ("success", "x"), "load[1]": ("failed", "y")}))
    assert seen == ["load[0]: x", "load[1]: y"]


def test_a_refusal_of_the_server_ends_it() -> None:
    """Only silence is waited out."""
    web = Web([])

    def refuse(_dag: str, _run: str) -> str:
        raise AirflowClientFailure("no", "", "", status=403)

    web.run_state = refuse  # type: ignore[method-assign]  # the server's answer in this test
    with pytest.raises(AirflowClientFailure):
        list(follow_run(cast("AirflowClient", web), "dag", "run", web.sleep))
