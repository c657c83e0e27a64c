"""What all tests share: a time limit, and golden files, which the product must write again byte for byte."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer

from spec.releases import table
from tests.side_by_side import SideBySide
from tests.time_limit import time_limit

ROOT = Path(__file__).parents[1]

LIVES = ROOT / "tests" / "life"

LIMIT_SECONDS = 300.0
LIMITS_SECONDS = {"endurance": 4 * 3600.0, "airflow": 3600.0}
"""Of a test with a mark, with the time that its fixtures take: weeks of an environment, or whole rehearsals."""

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that lets the product rewrite its goldens."""
    parser.addoption("--regold", action="store_true", help="rewrite every golden file with what the product says now")


def pytest_configure() -> None:
    """Let Ctrl-C reach the processes that tests start: who runs in the background inherits that it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole lives, which take longest."""
    items.sort(key=lambda item: LIVES not in item.path.parents)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SideBySide:
    """Give two processes whole modules."""
    return SideBySide(config, log)


@pytest.fixture
def own_releases() -> Iterator[None]:
    """Let a test add Airflow releases, which are forgotten after it."""
    known = dict(table.RELEASES)
    yield
    table._TABLE.clear()
    table._TABLE.update(known)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Bound each test, with its fixtures."""
    limits = (seconds for mark, seconds in LIMITS_SECONDS.items() if item.get_closest_marker(mark))
    with time_limit(next(limits, LIMIT_SECONDS)):
        return (yield)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return a check that a file holds exactly this text; with --regold it writes the file instead."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--regold"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path.relative_to(ROOT)} is missing; write it with pytest --regold"
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.relative_to(ROOT)} is stale; rewrite it with pytest --regold"
        )

    return check
