"""What the rest of Windsock asks of every executor."""

from collections.abc import Iterator
from typing import Protocol

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.logs import Remote


class ExecutorKind(Protocol):
    """One executor: where Airflow's tasks run, and what follows from that."""

    @property
    def has_workers(self) -> bool:
        """Whether each Airflow task runs in a Fargate task of its own, sized in `workers`."""
        ...

    @property
    def processes_run_tasks(self) -> bool:
        """Whether Airflow tasks run inside the long-running processes."""
        ...

    @property
    def remote_logs(self) -> Remote:
        """Where task logs are kept besides the file system unless `logs.remote` says so."""
        ...

    def config(self, release: Release, /) -> Config:
        """Return the options of airflow.cfg that select it and that it needs."""
        ...

    def check_release(self, release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot run it."""
        ...

    def check_workers(self) -> Iterator[Violation]:
        """Yield why there can be no section `workers`."""
        ...

    def check_logs(self, remote: Remote | None, /) -> Iterator[Violation]:
        """Yield why task logs cannot be kept at `remote`; paths begin below `logs`."""
        ...
