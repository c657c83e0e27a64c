"""Log lines of both major releases become entries that a person can read."""

import json

import pytest

from deployer.access.log_entries import EntryFilter, read_entry

NOON = 1767268800.0
"""2026-01-01 12:00 UTC."""


def line(**fields: object) -> str:
    """Return a line as a process writes it."""
    return json.dumps(fields)


def test_a_line_of_airflow_2_reads_as_a_sentence() -> None:
    """Time, level, task and message; the traceback is indented below."""
    text = line(level="ERROR", message="failed", dag_id="orders", task_id="load", exception="Traceback\nValueError: x")
    assert str(read_entry("scheduler", NOON, text)).splitlines() == [
        *("2026-01-01 12:00:00 ERROR    orders/load  failed", "    Traceback", "    ValueError: x"),
    ]


def test_a_line_of_airflow_3_reads_as_a_sentence() -> None:
    """Its exceptions are data, with their frames."""
    frames = [{"filename": "/dags/a.py", "lineno": 7, "name": "load"}]
    detail = [{"exc_type": "ValueError", "exc_value": "x", "frames": frames}]
    entry = read_entry("api-server", NOON, line(level="warning", event="failed", error_detail=detail))
    assert str(entry).splitlines() == [
        *("2026-01-01 12:00:00 WARNING  api-server  failed", "    /dags/a.py:7 in load", "    ValueError: x"),
    ]


@pytest.mark.parametrize("text", ["Plain words", "[1]", "{", ""])
def test_what_is_no_json_is_its_own_message(text: str) -> None:
    """It counts as info."""
    entry = read_entry("web", NOON, text)
    assert (entry.message, entry.level, entry.where) == (text, "info", "web")


def test_an_unknown_shape_loses_nothing() -> None:
    """A line without a message is shown as it is, and so is a traceback of another kind."""
    text = line(level="NOTSET", other=1)
    assert read_entry("web", NOON, text).message == text
    assert read_entry("web", NOON, line(event="x", exception=["y"])).traceback == "y"


@pytest.mark.parametrize(
    ("message", "noise"),
    [
        ('127.0.0.1 - - "GET /health HTTP/1.1" 200 -', True),
        ('10.0.0.7:1 - "GET /api/v2/monitor/health HTTP/1.1" 200', True),
        ('"GET / HTTP/1.1" 302 "ELB-HealthChecker/2.0"', True),
        ('"GET /home HTTP/1.1" 200', False),
        ("The health of the scheduler is fine", False),
    ],
)
def test_health_checks_are_noise(message: str, noise: bool) -> None:  # noqa: FBT001  # pytest hands it in by name
    """Unless they go wrong."""
    assert read_entry("web", NOON, line(level="info", message=message)).is_noise is noise
    assert not read_entry("web", NOON, line(level="error", message=message)).is_noise


def test_a_filter_chooses_by_dag_task_and_level() -> None:
    """All that is asked for must hold."""
    entry = read_entry("scheduler", NOON, line(level="WARNING", message="x", dag_id="a", task_id="b"))
    passing: tuple[dict[str, str], ...] = (
        {},
        {"dag": "a"},
        {"task": "b"},
        {"level": "warning"},
        {"dag": "a", "task": "b", "level": "info"},
    )
    assert all(EntryFilter(**wanted).passes(entry) for wanted in passing)
    others = ({"dag": "b"}, {"task": "a"}, {"level": "error"}, {"dag": "a", "level": "critical"})
    assert not any(EntryFilter(**wanted).passes(entry) for wanted in others)
