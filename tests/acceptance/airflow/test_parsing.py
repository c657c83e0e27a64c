"""Airflow's own word on each file is awaited, and what it says later is told, too."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from acceptance.airflow.parsing import LIMIT_SECONDS, Parsed, Parser, may_have_dag
from deployer.aws.polling import Clock
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure


@dataclass(kw_only=True)
class Web:
    """What Airflow lists at each moment; it does not answer at those that are `silent`."""

    seconds: float = 1000.0
    parsed: dict[str, tuple[float, str]] = field(default_factory=dict)
    """By file: from which moment on it is parsed, and its DAG, or after `!` its error."""
    silent: float = 0.0
    touched: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def touch(self, files: Iterable[str]) -> None:
        """Remember who was touched."""
        self.touched += files

    def listed_dags(self) -> tuple[dict[str, Any], ...]:
        """Mirror the real client: DAGs with their files as Airflow names them."""
        if self.seconds < self.silent:
            raise AirflowClientFailure("no answer", "", "")
        return tuple(
            {"dag_id": said, "fileloc": f"/opt/airflow/dags/{file}", "last_parsed_time": at}
            for file, at, said in self._now()
            if not said.startswith("!")
        )

    def listed_import_errors(self) -> tuple[dict[str, Any], ...]:
        """Mirror the real client; Airflow 3 names files by their paths below the folder."""
        return tuple(
            {"filename": file, "stack_trace": said[1:], "timestamp": at}
            for file, at, said in self._now()
            if said.startswith("!")
        )

    def _now(self) -> list[tuple[str, str, str]]:
        there = [(file, at, said) for file, (at, said) in self.parsed.items() if at <= self.seconds]
        return [(file, datetime.fromtimestamp(at, UTC).isoformat(), said) for file, at, said in there]


@pytest.fixture
def web() -> Web:
    """Return an Airflow that lists nothing yet."""
    return Web()


def _parser(web: Web) -> Parser:
    clock = Clock(now=lambda: web.seconds, sleep=web.sleep)
    return Parser(client=cast("AirflowClient", web), clock=clock, touch=web.touch)


def _said(parsed: Iterable[Parsed]) -> list[tuple[str, str]]:
    return [(one.file, ",".join(one.dags) or one.error) for one in parsed]


def test_each_file_is_told_when_it_is_parsed(web: Web) -> None:
    """Its DAGs or its error, in the order in which Airflow gets there; an archive is one file."""
    web.parsed = {"b.py": (1001, "two"), "a.py": (1002, "!NameError"), "c.zip/inner.py": (1002.5, "three")}
    parsed = list(_parser(web).await_parsed(["a.py", "b.py", "c.zip"], [], 1000))
    assert _said(parsed) == [("b.py", "two"), ("a.py", "NameError"), ("c.zip", "three")]
    assert [round(one.seconds) for one in parsed] == [1, 2, 3]


def test_what_was_parsed_before_the_change_does_not_count(web: Web) -> None:
    """Airflow is made to look again, for it overlooks a change that is made while it parses."""
    web.parsed = {"a.py": (900, "old")}
    parser = _parser(web)
    waiting = parser.await_parsed(["a.py"], [], 1000)
    assert next(iter(parser.news())).dags == ("old",)
    web.seconds = 1003
    web.parsed = {"a.py": (1004, "new")}
    assert _said(waiting) == [("a.py", "new")]


def test_a_file_that_waits_is_touched(web: Web) -> None:
    """Once a second."""
    web.parsed = {"a.py": (1003.5, "one")}
    assert _said(_parser(web).await_parsed(["a.py"], [], 1000)) == [("a.py", "one")]
    assert web.touched == ["a.py"] * 3


def test_a_removed_file_is_gone_when_nothing_of_it_is_listed(web: Web) -> None:
    """However long Airflow takes for that."""
    web.parsed = {"a.py": (900, "one")}
    waiting = _parser(web).await_parsed([], ["a.py"], 1000)
    web.parsed = {}
    assert _said(waiting) == [("a.py", "")]
    assert web.touched == []


def test_a_file_without_dag_is_told_as_such(web: Web) -> None:
    """After a while in which Airflow says nothing of it."""
    (parsed,) = _parser(web).await_parsed(["a.py"], [], 1000)
    assert (parsed.answered, parsed.dags, parsed.error) == (True, (), "")
    assert parsed.seconds < 10


def test_a_web_server_that_restarts_is_waited_for(web: Web) -> None:
    """Until the limit; then it is said that nothing was heard."""
    web.silent, web.parsed = 1005, {"a.py": (1001, "one")}
    assert _said(_parser(web).await_parsed(["a.py"], [], 1000)) == [("a.py", "one")]
    web.silent = 1e9
    before = web.seconds
    (parsed,) = _parser(web).await_parsed(["a.py"], [], 1000)
    assert not parsed.answered
    assert web.seconds - before >= LIMIT_SECONDS


def test_a_dag_that_was_renamed_is_listed_no_more(web: Web) -> None:
    """Although Airflow lists it for a while, with the time when it was seen last."""
    web.parsed = {"a.py": (1001, "new")}
    parser = _parser(web)
    listed = web.listed_dags
    old = {"dag_id": "old", "fileloc": "/opt/airflow/dags/a.py", "last_parsed_time": "1970-01-01T00:10:00+00:00"}
    web.listed_dags = lambda: (*listed(), old)  # type: ignore[method-assign]  # the answer in this test
    assert _said(parser.await_parsed(["a.py"], [], 1000)) == [("a.py", "new")]


def test_what_was_told_is_looked_at_again(web: Web) -> None:
    """Airflow may have parsed the file before the change, and ended with that after it."""
    web.parsed = {"a.py": (1000, "old")}
    parser = _parser(web)
    assert _said(parser.await_parsed(["a.py"], [], 1000)) == [("a.py", "old")]
    assert (list(parser.news()), web.touched) == ([], [])
    web.seconds += 1
    assert (list(parser.news()), web.touched) == ([], ["a.py"])
    web.seconds += 5
    web.parsed = {"a.py": (1002, "new")}
    assert _said(parser.news()) == [("a.py", "new")]
    assert web.touched == ["a.py"] * 2
    assert (list(parser.news()), web.touched) == ([], ["a.py"] * 2)


def test_news_are_told_once(web: Web) -> None:
    """What Airflow says of a file that did not change itself."""
    web.parsed = {"a.py": (900, "one")}
    parser = _parser(web)
    assert _said(parser.news()) == [("a.py", "one")]
    assert parser.known == {"a.py"}
    assert list(parser.news()) == []
    web.parsed = {"a.py": (1000, "!ImportError")}
    assert _said(parser.news()) == [("a.py", "ImportError")]
    web.silent = 1e9
    assert list(parser.news()) == []


@pytest.mark.parametrize(
    ("file", "text", "may"),
    [
        ("a.py", "from airflow import DAG", True),
        ("a.py", "def load(): ...", False),
        ("a.zip", "", True),
        ("a.sql", "-- airflow dag", False),
    ],
)
def test_airflow_parses_no_other_files(file: str, text: str, *, may: bool) -> None:
    """Its own rule: two words in the text, or an archive."""
    assert may_have_dag(file, text) is may
