"""The entries of a log read as Python and the web interface show them."""

from rehearsal.clients.task_logs import log_line, log_text


def test_an_exception_that_is_data_is_read_as_python_prints_it() -> None:
    """Airflow 3 keeps it beside the line, the one that ended the task first, its causes after it."""
    frame = {"filename": "/opt/airflow/dags/mine.py", "lineno": 7, "name": "load"}
    ended = {"exc_type": "RuntimeError", "exc_value": "no orders", "frames": [frame]}
    cause = {"exc_type": "KeyError", "exc_value": "'orders'", "frames": []}
    assert log_line({"event": "Task failed with exception", "error_detail": [ended, cause]}).splitlines() == [
        "Task failed with exception",
        "KeyError: 'orders'",
        "Traceback (most recent call last):",
        '  File "/opt/airflow/dags/mine.py", line 7, in load',
        "RuntimeError: no orders",
    ]
    assert log_line({"event": "Total"}) == "Total"
    assert log_line("a line of text") == "a line of text"


def test_what_both_cloudwatch_and_a_worker_have_is_told_once() -> None:
    """CloudWatch keeps no microseconds, and has a line later; what a task says twice is told twice."""
    served = [{"timestamp": f"2026-11-29T19:19:4{at}.896234Z", "event": "count"} for at in range(3)]
    kept = [{"timestamp": f"2026-11-29T19:19:4{at}.896000Z", "event": "count"} for at in range(2)]
    last = {"timestamp": "2026-11-29T19:19:44.896000Z", "event": "done"}
    odd = [{"timestamp": at, "event": "odd"} for at in ("yesterday", 1700000000, None)]
    assert log_text(odd).splitlines() == ["odd"] * 3
    found = [{"event": "::group::Log message source details"}, {"event": "::endgroup::"}]
    assert log_text([*found, kept[0], *served[:2], kept[1], served[2], last]).splitlines() == [
        "::group::Log message source details",
        "::endgroup::",
        *["count"] * 3,
        "done",
    ]
