"""Tests of the JSON formatter and of the handler that repeats a task's lines on stdout."""

import importlib.util
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parents[2] / "runtime" / "json_log.py"


@dataclass(frozen=True, kw_only=True)
class TaskInstance:
    """What the handler reads of Airflow's task instance."""

    dag_id: str = "tutorial"
    task_id: str = "sleep"
    run_id: str = "manual__1"
    map_index: int = -1
    try_number: int = 2


@pytest.fixture(scope="module")
def json_log() -> ModuleType:
    """Return the module, loaded by its path: the rest of the checkout imports nothing of the runtime."""
    spec = importlib.util.spec_from_file_location("json_log", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _record(message: str, *, failure: BaseException | None = None) -> logging.LogRecord:
    details = (type(failure), failure, failure.__traceback__) if failure else None
    return logging.LogRecord("my.logger", logging.WARNING, "/opt/airflow/dags/mine.py", 7, message, ("x",), details)


def test_a_line_has_time_level_logger_and_message(json_log: ModuleType) -> None:
    """Every line has the fields of queries over the logs, and the time has its zone."""
    line = json.loads(json_log.JsonFormatter().format(_record("is %s")))
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {"level": "warning", "logger": "my.logger", "message": "is x", "location": "mine.py:7"}


def test_an_exception_stays_on_its_line(json_log: ModuleType) -> None:
    """A message of two lines with a traceback of many is one line, and nothing of them is lost."""
    with pytest.raises(ZeroDivisionError) as raised:
        1 / 0  # noqa: B018  the traceback is what is wanted
    text = json_log.JsonFormatter().format(_record("two\nlines %s", failure=raised.value))
    line = json.loads(text)
    assert "\n" not in text
    assert line["message"] == "two\nlines x"
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ZeroDivisionError: division by zero")


def test_letters_outside_ascii_are_not_escaped(json_log: ModuleType) -> None:
    """A query for a word with an umlaut finds it."""
    assert "Störung" in json_log.JsonFormatter().format(_record("Störung %s"))


def test_a_task_line_carries_the_names_of_its_task(json_log: ModuleType) -> None:
    """From the moment Airflow tells which task runs, each line says so."""
    handler = json_log.TaskConsole()
    handler.setFormatter(json_log.JsonFormatter())
    handler.set_context(TaskInstance(), identifier="given by later releases")
    line = json.loads(handler.format(_record("is %s")))
    names = {name: line[name] for name in ("dag_id", "task_id", "run_id", "map_index", "try_number")}
    assert names == {"dag_id": "tutorial", "task_id": "sleep", "run_id": "manual__1", "map_index": -1, "try_number": 2}


def test_naming_the_task_leaves_the_record_as_it_was(json_log: ModuleType) -> None:
    """The task's log file is written from the same record and must not change."""
    handler = json_log.TaskConsole()
    handler.set_context(TaskInstance())
    record = _record("is %s")
    handler.format(record)
    assert not hasattr(record, "dag_id")


def test_the_handler_writes_to_the_containers_stdout(json_log: ModuleType) -> None:
    """While a task runs, sys.stdout leads back into its log."""
    assert json_log.TaskConsole().stream is sys.__stdout__


def test_what_would_steer_a_terminal_is_an_escape(json_log: ModuleType) -> None:
    """A visitor's text reaches whoever reads the log, and says the same."""
    text = json_log.JsonFormatter().format(_record("\x9b2J\u202e\x7f Zo\u00eb %s"))
    assert json.loads(text)["message"] == "\x9b2J\u202e\x7f Zo\u00eb x"
    assert not {"\x9b", "\u202e", "\x7f"} & set(text)
    assert "Zo\u00eb" in text
