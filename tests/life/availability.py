"""What people see of a zone that fails, and the page of the outages that rehearsals have been through."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import requests

from tests.life.kept import ROOT

PAGE = ROOT / "docs" / "availability-figures.md"
EACH_SECONDS = 0.2
PATIENCE_SECONDS = 5.0
"""Visitors who wait longer have got no page."""
AT_ONCE = 40
COLUMNS = (
    *("Airflow", "the zone", "without a page", "longest silence", "failed", "some failed for", "whole after"),
    *("run ended after", "Airflow tasks", "begun again", "lost", "ran twice"),
)
HEAD = f"""\
# A zone fails, in figures

`make endurance` lets an availability zone stop answering while Airflow tasks run, in a rehearsal with two tasks of each
process and a standby of the database; with `--regold` it writes this page. [availability.md](availability.md) says why
the figures are what they are.

Somebody asks Airflow for its health every {EACH_SECONDS} seconds, from outside, and waits {PATIENCE_SECONDS:.0f}
seconds for the answer, from the outage until the run of a DAG has ended. A page is an answer of an Airflow that has its
database.

- *Without a page*: the seconds in which nobody got one, of those that begin with the outage.
- *Longest silence*: the longest time between two pages.
- *Failed*: the share of requests without a page; *some failed for*: the time from the outage to the last of them.
- *Whole*: every process has two running tasks elsewhere. Some end again while the database is away, and are replaced.
- *Begun again*: Airflow tasks that needed a further try. *Lost* are those that never ended, *ran twice* those that
  ended more than once: both must be 0.

The load balancer checks its targets as often as the template says. AWS starts tasks elsewhere, and the standby of the
database takes over, {{noticed:.0f}} seconds after the outage: the longest that
[RDS names](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html). ECS names none.
Two things are shorter than on AWS: a new web server gets requests after two checks a second apart, and clients of the
load balancer, which has an address in each zone, come to one that answers at their first try.

| {" | ".join(COLUMNS)} |
|{"---|" * len(COLUMNS)}
"""
ROW = re.compile(r"^\| (?P<key>\d[^|]+\|[^|]+) \|", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of pages and Airflow tasks; times are in seconds."""

    release: str
    zone: str
    """What stands in it."""
    without_page: int
    silence: float
    failed: float
    """The share of requests."""
    failing: float
    whole: float
    run: float
    tasks: int
    again: int
    lost: int
    doubled: int

    @property
    def row(self) -> str:
        """The row of the page."""
        pages = f"{self.without_page} s | {self.silence:.1f} s | {self.failed:.0%} | {self.failing:.0f} s"
        times = f"{self.whole:.0f} s | {self.run:.0f} s"
        tasks = f"{self.tasks} | {self.again} | {self.lost} | {self.doubled}"
        return f"| {self.release} | {self.zone} | {pages} | {times} | {tasks} |"


class Visitors:
    """People who ask for a page, one after the other, whether those before them have got it or not."""

    def __init__(self, url: str, is_page: Callable[[requests.Response], bool]) -> None:
        self._url, self._is_page = url, is_page
        self._gone = threading.Event()
        self._asking = threading.Thread(target=self._ask, daemon=True)
        self._began = 0.0
        self._pages: list[float] = []
        self._misses: list[float] = []

    def __enter__(self) -> Self:
        """Let them come."""
        self._began = time.monotonic()
        self._asking.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let no more come, and wait for those that are there."""
        self._gone.set()
        self._asking.join()

    @property
    def without_page(self) -> int:
        """The seconds in which nobody got a page."""
        return int(max(self._pages)) + 1 - len({int(at) for at in self._pages})

    @property
    def longest_silence(self) -> float:
        """The longest time between two pages, in seconds."""
        return max(after - before for before, after in pairwise([0.0, *sorted(self._pages)]))

    @property
    def failed_share(self) -> float:
        """The share of those who got no page."""
        return len(self._misses) / (len(self._misses) + len(self._pages))

    @property
    def failing(self) -> float:
        """The time until the last of them came, in seconds."""
        return max(self._misses, default=0.0)

    def _ask(self) -> None:
        with ThreadPoolExecutor(AT_ONCE) as visitors:
            while not self._gone.wait(EACH_SECONDS):
                visitors.submit(self._visit, self._since())

    def _visit(self, came: float) -> None:
        if self._gets_page():
            self._pages.append(self._since())
        else:
            self._misses.append(came)

    def _gets_page(self) -> bool:
        with requests.Session() as browser:
            browser.trust_env = False
            try:
                return self._is_page(browser.get(self._url, timeout=PATIENCE_SECONDS))
            except requests.RequestException:
                return False

    def _since(self) -> float:
        return time.monotonic() - self._began


def note(outcome: Outcome, noticed: float) -> None:
    """Write a row of the page."""
    before = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.is_file() else []
    rows = {match["key"]: line for line in [*before, outcome.row] if (match := ROW.match(line))}
    PAGE.write_text(HEAD.format(noticed=noticed) + "".join(f"{rows[key]}\n" for key in sorted(rows)), encoding="utf-8")
