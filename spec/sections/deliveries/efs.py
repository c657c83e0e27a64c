"""The delivery `efs`: a one-off task lays each release on a file system that every container mounts."""

from collections.abc import Iterator

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.deliveries.bundle import bundle_options
from spec.sections.logs import Remote


class Efs:
    """Directories of a file system, for code and task logs."""

    remote_logs: Remote | None = None
    shares_files = True

    def config(self, release: Release, commit_url: str | None, /) -> Config:
        """Return the options that make Airflow take its DAGs from Windsock's bundle, where it has bundles."""
        return bundle_options(commit_url) if release.dag_bundles else {}

    def check_surroundings(self, _remote: Remote | None, /, *, expires: bool) -> Iterator[Violation]:  # noqa: ARG002  # other ways ask
        """Yield why it does not fit an environment: it fits every one."""
        return iter(())
