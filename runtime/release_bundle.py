"""The DAG bundle of Airflow 3 over releases: each run keeps the one that it began with.

They are in the bucket, or on a file system that is mounted.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from airflow.dag_processing.bundles.base import BaseDagBundle

from .release_store import BUCKET_VARIABLE, ReleaseError, current_version, release_of, unpack
from .releases.folders import forget_old, hold, import_from, touch
from .releases.report import Reporter
from .releases.shared import linked_version, shared_folder

# Before Airflow 3.3 the version of a bundle is its name alone.
try:
    from airflow.dag_processing.bundles.base import BundleVersion
except ImportError:
    BundleVersion = str

DAGS = "dags"


class ReleaseBundle(BaseDagBundle):
    """Named in `[dag_processor] dag_bundle_config_list`. A folder that is mounted for DAGs wins, without versions."""

    supports_versioning = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._mounted = Path(os.environ.get("AIRFLOW_HOME", ""), DAGS)
        self.supports_versioning = not os.path.ismount(self._mounted)
        self._shared = shared_folder()
        self._lock = -1
        self._version: str = self.version or ""
        self._reporter: Any = None

    @property
    def path(self) -> Path:
        return self._folder / DAGS if self.supports_versioning else self._mounted

    def initialize(self) -> None:
        if self.supports_versioning:
            self._take(self.version or self._current())
        super().initialize()

    def refresh(self) -> None:
        """Only the DAG processor calls this."""
        if not self.supports_versioning:
            return
        version, known = self._current(), self._version
        if version != known:
            self._take(version)
        if version != known and self._shared is None:  # the sync task does that where nobody else may write
            touch(self._folder)  # Airflow parses again what is younger than its last look
            forget_old(self._releases, self._folder)
        if BUCKET_VARIABLE in os.environ:
            self._report()

    def get_current_version(self) -> BundleVersion | None:
        return BundleVersion(self._version) if self.supports_versioning else None

    def _report(self) -> None:
        if self._reporter is None:
            # It imports models of Airflow, which the DAG processor alone has at hand.
            from .releases.bundle_state import state_of  # noqa: PLC0415  # as the line above says

            self._reporter = Reporter(partial(state_of, self.name))
        self._reporter.tell(self._version, self.path)

    @property
    def _releases(self) -> Path:
        return Path(self.versions_dir) if self._shared is None else self._shared

    @property
    def _folder(self) -> Path:
        if not self._version:
            self._version = self._current()
        return self._releases / release_of(self._version)

    def _current(self) -> str:
        return current_version() if self._shared is None else linked_version(self._shared)

    def _take(self, version: str) -> None:
        folder = self._releases / release_of(version)
        if self._shared is None:
            with self.lock():
                unpack(release_of(version), folder)
        else:
            self._hold(folder)
        self._version = version
        import_from(folder, self._releases)

    def _hold(self, folder: Path) -> None:
        try:
            former, self._lock = self._lock, hold(folder)
        except FileNotFoundError as error:
            raise ReleaseError(f"Release {folder.name} is on the file system no more.") from error
        if former >= 0:
            os.close(former)
