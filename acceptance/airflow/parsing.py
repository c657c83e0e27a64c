"""Waits until Airflow has parsed files, and tells of each its DAGs, or why it has none."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from acceptance.airflow.listing import Listing, read_listing
from deployer.aws.polling import Clock
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure

LIMIT_SECONDS = 60.0
WITHOUT_DAG_SECONDS = 8.0
"""After this time a file that Airflow says nothing of has no DAG."""
TOUCH_SECONDS = 1.0
"""Airflow overlooks a change that is made while it parses the file: it compares times with the end of that."""
AGAIN_SECONDS = (1.0, 3.0)
"""What it said first may have been of the file before the change. After these times it is made to look again."""
LOOK_SECONDS = 0.1
SERVER_ERROR = 500

_WORDS = ("dag", "airflow")
"""Airflow parses no file without these words. Source: `might_contain_dag_via_default_heuristic`."""


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What Airflow made of a file below `dags/`, and how long that took; `error` is a traceback.

    `later` says that nobody waited for it.
    """

    file: str
    seconds: float
    dags: tuple[str, ...] = ()
    error: str = ""
    answered: bool = True
    later: bool = False


@dataclass(kw_only=True)
class Parser:
    """Asks Airflow what it made of files; `touch` lets it parse files again."""

    client: AirflowClient
    clock: Clock
    touch: Callable[[Iterable[str]], None]
    _told: dict[str, Parsed] = field(default_factory=dict)
    """What was told of each file last."""
    _again: list[tuple[float, str]] = field(default_factory=list)
    """When to let Airflow parse which file again."""

    @property
    def known(self) -> frozenset[str]:
        """Files in which Airflow found a DAG or an error."""
        return frozenset(file for file, parsed in self._told.items() if parsed.dags or parsed.error)

    def await_parsed(self, files: Collection[str], removed: Collection[str], moment: float) -> Iterator[Parsed]:
        """Yield each file as soon as Airflow has parsed it, or no longer lists it.

        `moment` is the time in seconds since 1970 when the files were written.
        """
        began = self.clock.now()
        waiting, touched = {*files, *removed}, began
        while waiting:
            listing, now = self._look(), self.clock.now()
            for file in sorted(waiting):
                gone = file in removed
                parsed = listing and (_gone if gone else self._judge)(file, listing, moment, now - began)
                if parsed:
                    waiting.discard(file)
                    self._told[file] = parsed
                    self._again += [(now + seconds, file) for seconds in AGAIN_SECONDS if not gone]
                    yield parsed
            if now - began > LIMIT_SECONDS:
                yield from (Parsed(file=file, seconds=now - began, answered=False) for file in sorted(waiting))
                return
            if waiting and now - touched > TOUCH_SECONDS:
                self.touch(waiting - set(removed))
                touched = now
            if waiting:
                self.clock.sleep(LOOK_SECONDS)

    def news(self) -> Iterator[Parsed]:
        """Yield files of which Airflow says something else now than was told.

        It parses again what other files use; and what it said at first may have been of the file before the change.
        """
        due = {file for moment, file in self._again if moment <= self.clock.now()}
        self._again = [(moment, file) for moment, file in self._again if moment > self.clock.now()]
        self.touch(due)
        if not (listing := self._look()):
            return
        for file in sorted(listing.parsed):
            dags, error = listing.dags.get(file, ()), listing.errors.get(file, "")
            parsed = Parsed(file=file, seconds=0, dags=dags, error=error, later=True)
            told = self._told.get(file)
            if told is None or (told.dags, told.error) != (parsed.dags, parsed.error):
                self._told[file] = parsed
                yield parsed

    def _look(self) -> Listing | None:
        """Return what Airflow lists; None while it does not answer, as when its web server restarts."""
        try:
            return read_listing(self.client)
        except AirflowClientFailure as failure:
            if failure.status is not None and failure.status < SERVER_ERROR:
                raise
            return None

    def _judge(self, file: str, listing: Listing, moment: float, waited: float) -> Parsed | None:
        parsed = listing.parsed.get(file)
        if parsed and parsed.timestamp() >= moment:
            dags, error = listing.dags.get(file, ()), listing.errors.get(file, "")
            return Parsed(file=file, seconds=waited, dags=dags, error=error)
        if waited > WITHOUT_DAG_SECONDS and file not in self.known:
            return Parsed(file=file, seconds=waited)
        return None


def _gone(file: str, listing: Listing, _moment: float, waited: float) -> Parsed | None:
    return None if file in listing.parsed else Parsed(file=file, seconds=waited)


def may_have_dag(file: str, text: str) -> bool:
    """Whether Airflow would parse a file below `dags/` at all."""
    return file.endswith(".zip") or (file.endswith(".py") and all(word in text.lower() for word in _WORDS))
