"""What became of a change is one line."""

from acceptance.airflow.parsing import Parsed
from acceptance.development.events import Event, event_of, told
from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal

TRACEBACK = """Traceback (most recent call last):
  File "/opt/airflow/dags/orders.py", line 7, in <module>
    import yaml
ModuleNotFoundError: No module named 'yaml'"""


def _event(parsed: Parsed, *, removed: bool = False) -> Event:
    return event_of(parsed, "docker/requirements.txt", removed=removed)


def test_a_parsed_file_names_its_dags() -> None:
    """And how long that took; a file may have none, be gone, or not be answered for."""
    assert _event(Parsed(file="a.py", seconds=1.23, dags=("one", "two"))) == Event(
        "dags/a.py", "parsed in 1.2 s: one, two"
    )
    assert _event(Parsed(file="a.py", seconds=9)) == Event("dags/a.py", "defines no DAG")
    assert _event(Parsed(file="a.py", seconds=2), removed=True) == Event("dags/a.py", "gone after 2.0 s")
    assert _event(Parsed(file="a.py", seconds=60, answered=False)).wrong


def test_an_error_names_line_and_missing_package() -> None:
    """In the user's own file, with the line for requirements.txt."""
    event = _event(Parsed(file="orders.py", seconds=1, error=TRACEBACK))
    assert (event.where, event.wrong) == ("dags/orders.py:7", True)
    assert event.what == (
        "ModuleNotFoundError: No module named 'yaml' (after 1.0 s); add to docker/requirements.txt: PyYAML"
    )


def test_what_airflow_says_later_has_no_seconds() -> None:
    """Nobody waited for it."""
    assert _event(Parsed(file="a.py", seconds=0, dags=("one",), later=True)) == Event("dags/a.py", "now one")
    event = _event(Parsed(file="orders.py", seconds=0, error=TRACEBACK, later=True))
    assert event.where == "dags/orders.py:7"
    assert event.what == "now ModuleNotFoundError: No module named 'yaml'; add to docker/requirements.txt: PyYAML"


def test_a_change_that_fails_does_not_end_the_others() -> None:
    """Its reason is the event; the next change may mend it."""

    def refuse() -> str:
        raise Refusal("It cannot be parsed.", why="a.py:1", next_step="Correct it.")

    def fail() -> str:
        raise RehearsalFailure("No answer.", "", "Look.")

    assert told("home/", refuse) == Event("home/", "It cannot be parsed.\na.py:1\nCorrect it.", wrong=True)
    assert told("home/", fail) == Event("home/", "No answer.\nLook.", wrong=True)
    done = told("home/", lambda: "restarted what reads it")
    assert done.what.startswith("restarted what reads it in 0.")
    assert not done.wrong
