"""The releases that no other test rehearses live a whole life, with each executor."""

from pathlib import Path

import pytest

from cli.airflow_releases.new_release import EXECUTORS, environment_of
from spec.releases.table import RELEASES
from tests.life.kept import ROOT, windsock
from tests.releases_in_ci import IN_CI

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("version", [version for version in RELEASES if version not in IN_CI])
def test_a_release_lives_with_each_executor(version: str, executor: str, tmp_path: Path) -> None:
    """Both tutorials succeed, every process logs JSON, and nothing is left."""
    release = RELEASES[version]
    for folder in ("airflow_home", "docker"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    text = environment_of(version, release.python, executor, release.databases["postgres"][-1])
    (tmp_path / "env.yaml").write_text(text)
    done = windsock("rehearse", "env.yaml", "--port", "0", "--endpoint-port", "0", checkout=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 succeeded, no import errors" in done.stderr
    assert "nothing is left" in done.stderr
