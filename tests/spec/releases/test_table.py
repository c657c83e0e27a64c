"""The release table is whole."""

from pathlib import Path

import pytest

from spec.releases.table import NEWEST, RELEASES, Release

CONSTRAINTS = Path(__file__).parents[3] / "docker" / "constraints"


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_python_has_a_lock(release: Release) -> None:
    """Each release and Python that may be chosen has its pins in the repository."""
    assert release.pythons
    for python in release.pythons:
        assert (CONSTRAINTS / release.lock(python)).is_file()


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_release_has_a_web_server_and_a_scheduler(release: Release) -> None:
    """Each release has a web server and exactly one process that runs tasks, all with health checks ECS accepts."""
    assert release.processes["webserver"].port == 8080
    assert [process.name for process in release.processes.values() if process.runs_tasks] == ["scheduler"]
    assert all(process.health and 0 <= process.start_period <= 300 for process in release.processes.values())


def test_the_newest_release_is_supported() -> None:
    """The release that we advise is one that still gets fixes."""
    assert NEWEST.supported
    assert list(RELEASES.values())[-1] is NEWEST
