"""The DAG bundle of Airflow 3 over the releases in the bucket: each run keeps the release that it began with."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from airflow.dag_processing.bundles.base import BaseDagBundle, BundleVersion

from .release_store import current_version, release_of, unpack
from .releases.folders import forget_old, import_from, touch
from .releases.report import Reporter

DAGS = "dags"


class ReleaseBundle(BaseDagBundle):
    """Named in `[dag_processor] dag_bundle_config_list`. A folder that is mounted for DAGs wins, without versions."""

    supports_versioning = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._mounted = Path(os.environ.get("AIRFLOW_HOME", ""), DAGS)
        self.supports_versioning = not os.path.ismount(self._mounted)
        self._version: str = self.version or ""
        self._reporter: Any = None

    @property
    def path(self) -> Path:
        return self._folder / DAGS if self.supports_versioning else self._mounted

    def initialize(self) -> None:
        if self.supports_versioning:
            self._take(self.version or current_version())
        super().initialize()

    def refresh(self) -> None:
        """Only the DAG processor calls this."""
        if not self.supports_versioning:
            return
        version = current_version()
        if version != self._version:
            self._take(version)
            touch(self._folder)  # Airflow parses again what is younger than its last look
            forget_old(Path(self.versions_dir), self._folder)
        self._report()

    def get_current_version(self) -> BundleVersion | None:
        return BundleVersion(version=self._version) if self.supports_versioning else None

    def _report(self) -> None:
        if self._reporter is None:
            # It imports models of Airflow, which the DAG processor alone has at hand.
            from .releases.bundle_state import state_of  # noqa: PLC0415  # as the line above says

            self._reporter = Reporter(partial(state_of, self.name))
        self._reporter.tell(self._version, self.path)

    @property
    def _folder(self) -> Path:
        if not self._version:
            self._version = current_version()
        return Path(self.versions_dir) / release_of(self._version)

    def _take(self, version: str) -> None:
        folder = Path(self.versions_dir) / release_of(version)
        with self.lock():
            unpack(release_of(version), folder)
        self._version = version
        import_from(folder, Path(self.versions_dir))
