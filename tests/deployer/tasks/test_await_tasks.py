"""In a container, the end of every Airflow task is awaited while the scheduler is kept from queueing others."""

import sys
from types import ModuleType
from typing import Any

import pytest

from deployer.tasks import await_tasks
from deployer.tasks.await_tasks import ACTIVE, POOLS, main

PLACE = {"DB_NAME": "airflow", "DB_HOST": "db", "DB_USER": "ann", "DB_PASSWORD": "word", "DB_PORT": "5432"}


class Database:
    """Answers each look with the next rows, and remembers which connection asked what."""

    def __init__(self, *looks: list[tuple[str, str, str]]) -> None:
        self.looks = list(looks)
        self.asked: list[tuple[int, str]] = []
        self.opened: list[dict[str, Any]] = []

    def connect(self, **place: Any) -> "Connection":
        """Open one more connection."""
        self.opened.append(place)
        return Connection(self, len(self.opened))


class Connection:
    """One connection and its cursor."""

    def __init__(self, database: Database, number: int) -> None:
        self.database, self.number = database, number

    def cursor(self) -> "Connection":
        """Return what executes."""
        return self

    def execute(self, statement: str) -> None:
        """Remember the statement."""
        self.database.asked.append((self.number, statement))

    def fetchall(self) -> list[tuple[str, str, str]]:
        """Return the rows of this look; the last ones stay."""
        looks = self.database.looks
        return looks.pop(0) if len(looks) > 1 else looks[0]

    def rollback(self) -> None:
        """End the transaction."""
        self.database.asked.append((self.number, "rollback"))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Make a driver that can be imported, in a container that knows its database."""
    module = ModuleType("driver_of_a_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(await_tasks, "SECONDS", 0)
    for name, value in PLACE.items():
        monkeypatch.setenv(name, value)
    return module


def _run(driver: ModuleType, database: Database, minutes: float) -> int:
    vars(driver)["connect"] = database.connect
    return main(driver.__name__, minutes)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, {}),
        ({"DB_SSL_MODE": "require"}, {"sslmode": "require"}),
        ({"DB_SSL_MODE": "verify-full", "DB_SSL_ROOT_CERT": "/a"}, {"sslmode": "verify-full", "sslrootcert": "/a"}),
    ],
)
def test_it_connects_by_tls_as_airflow_does(
    driver: ModuleType, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: dict[str, str]
) -> None:
    """As far as the container says so: the driver of MySQL knows none of these words."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    database = Database([])
    assert _run(driver, database, 1) == 0
    known = {name: value for name, value in database.opened[0].items() if name.startswith("ssl")}
    assert known == told


def test_it_ends_when_the_last_task_does(driver: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The pools are locked first, by a connection that never lets go; the other one sees what changes."""
    database = Database([("dag", "run", "a"), ("dag", "run", "b")], [("dag", "run", "b")], [])
    assert _run(driver, database, 1) == 0
    assert database.asked == [(1, POOLS), *[(2, ACTIVE), (2, "rollback")] * 3]
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "2 Airflow tasks run: dag run a, dag run b",
        "1 Airflow tasks run: dag run b",
        "No Airflow task runs.",
    ]
    place = {"database": "airflow", "host": "db", "user": "ann", "password": "word"}
    assert database.opened == [{**place, "port": 5432, "connect_timeout": 10}] * 2


def test_it_gives_up_after_its_minutes(driver: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """And has named what runs, but no more than a person reads."""
    database = Database([("dag", "run", f"task-{number}") for number in range(12)])
    assert _run(driver, database, 0) == 1
    assert "dag run task-9, and 2 more" in capsys.readouterr().out
