"""What tests of the code inside containers share: each release, and a process that sees code as the cluster does."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

from cli.terminal.cache_dir import cache_root
from deployer.release.runtime_layer import write_runtime
from rehearsal.images.virtualenvs import Virtualenv
from spec.releases.table import Release
from tests.releases_in_ci import EVERY_RELEASE

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
NO_DATABASE = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2://nobody@localhost/nothing"}


@pytest.fixture(params=EVERY_RELEASE, scope="module")
def release(request: pytest.FixtureRequest) -> Release:
    """Each supported release in turn."""
    found: Release = request.param
    return found


@pytest.fixture(scope="module")
def virtualenv(release: Release) -> Path:
    """Return the release's virtual environment, which rehearsals use too."""
    python = release.python
    return Virtualenv(
        name=f"airflow-{release.version}-python{python}",
        python=python,
        requirements=[DOCKER / "requirements.txt"],
        constraints=DOCKER / "constraints" / release.lock(python),
        cache=cache_root(os.environ) / "environments",
    ).build()


@dataclass(frozen=True)
class Home:
    """An Airflow home with Windsock's package beside it, and the Python of a release."""

    folder: Path
    virtualenv: Path
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def run(self, script: str, more: Mapping[str, str] | None = None) -> list[str]:
        """Return the stdout lines of a script in a process that sees code as a process of the cluster does."""
        package = write_runtime(self.folder.parent / "windsock")
        variables = {
            "AIRFLOW_HOME": str(self.folder),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "HOME": str(self.folder),
            "PATH": f"{self.virtualenv / 'bin'}:/usr/bin:/bin",
            "PYTHONPATH": f"{package.parent}:{self.folder}",
            **self.options,
            **(more or {}),
        }
        ran = subprocess.run(
            [self.virtualenv / "bin" / "python", "-c", script],
            check=False,
            capture_output=True,
            text=True,
            env=variables,
            cwd=self.folder,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()


@pytest.fixture
def home(release: Release, virtualenv: Path, tmp_path: Path) -> Home:
    """Return an empty home, with the logging that the release table sets."""
    (tmp_path / "home").mkdir()
    logging = {f"AIRFLOW__LOGGING__{key}".upper(): str(value) for key, value in release.config["logging"].items()}
    logging["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] = str(tmp_path / "logs")
    return Home(tmp_path / "home", virtualenv, logging)


@pytest.fixture
def bundled(release: Release, home: Home) -> Home:
    """Return a home whose Airflow has versioned DAG bundles, and so takes its code from releases."""
    if not release.dag_bundles:
        pytest.skip("this Airflow has no versioned bundles")
    return home


@pytest.fixture
def followed(home: Home, release: Release) -> Home:
    """Return a home whose Airflow follows releases by a link."""
    if release.dag_bundles:
        pytest.skip("this Airflow has bundles")
    return home


@pytest.fixture
def sample(home: Home) -> Home:
    """Return a home with the sample code."""
    shutil.copytree(
        ROOT / "airflow_home", home.folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
    )
    return home
