"""What the rest of Windsock asks of every way to deliver code."""

from collections.abc import Iterator
from typing import Protocol

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.logs import Remote


class DeliveryKind(Protocol):
    """One way: where containers find DAGs, plugins and configuration, and what follows from that."""

    @property
    def remote_logs(self) -> Remote | None:
        """Where task logs are kept unless `logs.remote` says so; None where the executor decides."""
        ...

    @property
    def shares_files(self) -> bool:
        """Whether code and task logs lie on a file system of the environment."""
        ...

    def config(self, release: Release, commit_url: str | None, /) -> Config:
        """Return the options of airflow.cfg that it needs."""
        ...

    def check_surroundings(self, remote: Remote | None, /, *, expires: bool) -> Iterator[Violation]:
        """Yield why it does not fit task logs at `remote`, or an environment that deletes itself."""
        ...
