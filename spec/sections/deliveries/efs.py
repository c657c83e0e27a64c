"""The delivery `efs`: a one-off task copies the code from the bucket to a file system that every container mounts."""

from collections.abc import Iterator

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.logs import Remote


class Efs:
    """Directories of a file system, for code and task logs."""

    remote_logs: Remote | None = None
    keeps_modes = False

    def config(self, _release: Release, _commit_url: str | None, /) -> Config:
        """Return no options: the release table names the mounted directories."""
        return {}

    def check_surroundings(self, _remote: Remote | None, /, *, expires: bool) -> Iterator[Violation]:  # noqa: ARG002  # other ways ask
        """Yield why it does not fit an environment: it fits every one."""
        return iter(())
