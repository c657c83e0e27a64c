"""The DAG bundle of Airflow 3 over the releases in the bucket: each run keeps the release that it began with."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from airflow.dag_processing.bundles.base import BaseDagBundle, BundleVersion

from .release_store import current_version, release_of, unpack

DAGS = "dags"
IMPORTED = ("dags", "include")
"""Folders whose modules DAGs import by the name of the folder."""

KEPT = 20
"""How many releases the DAG processor keeps on its disk."""


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
            _touch(self._folder)  # Airflow parses again what is younger than its last look
            self._forget_old()
        self._report()

    def get_current_version(self) -> BundleVersion | None:
        return BundleVersion(version=self._version) if self.supports_versioning else None

    def _report(self) -> None:
        if self._reporter is None:
            # It imports models of Airflow, which the DAG processor alone has at hand.
            from .release_report import Reporter  # noqa: PLC0415  # as the line above says

            self._reporter = Reporter(self.name)
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
        _import_from(folder, Path(self.versions_dir))

    def _forget_old(self) -> None:
        folders = sorted(Path(self.versions_dir).iterdir(), key=lambda folder: folder.stat().st_mtime)
        for folder in folders[:-KEPT]:
            if folder != self._folder:
                shutil.rmtree(folder, ignore_errors=True)


def _import_from(folder: Path, versions: Path) -> None:
    """Let Python find the modules of this release before those of any other, also of those it has imported already."""
    others = [path for path in sys.path if not Path(path).is_relative_to(versions)]
    sys.path[:] = [str(folder), str(folder / "config"), *others]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), "")
        if name.partition(".")[0] in IMPORTED and not Path(file).is_relative_to(folder):
            del sys.modules[name]


def _touch(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            os.utime(path)
