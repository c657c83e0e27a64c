"""The entries of a log read as Python and the web interface show them."""

from rehearsal.clients.task_logs import log_line


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
