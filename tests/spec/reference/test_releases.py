"""The page of the Airflow releases says what the release table says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from spec.reference.releases import releases_reference
from spec.releases.table import RELEASES, Release

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "releases.md"


def test_committed_page_is_fresh(golden: Callable[[Path, str], None]) -> None:
    """The page in the repository is the one that the release table gives."""
    golden(PAGE, releases_reference())


def _section(release: Release) -> str:
    _, _, after = releases_reference().partition(f"\n## Airflow {release.version}\n")
    return after.partition("\n## ")[0]


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_fact_of_a_release_is_in_its_section(release: Release) -> None:
    """Image, processes, database, web server and configuration of each release can be looked up."""
    section = _section(release)
    processes = [word for process in release.processes.values() for word in (process.name, process.command)]
    database = [release.initialise_database, release.migrate_database]
    options = [key for keys in release.config.values() for key in keys]
    web = [release.web.health_path, release.web.api_path]
    for fact in (*processes, *database, *options, *web, *release.secret_keys):
        assert f"`{fact}`" in section, fact
    for python in release.pythons:
        assert f"`{release.base_image(python)}`" in section
        assert f"(../docker/constraints/{release.lock(python)})" in section


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_only_a_release_past_its_end_of_life_is_marked(release: Release) -> None:
    """A release without fixes is marked with its date, and only such a one."""
    assert (f"Its end of life was {release.end_of_life}" in _section(release)) is not release.supported


def test_every_link_leads_to_a_file() -> None:
    """The files that the page points at exist."""
    links = {part.partition(")")[0].partition("#")[0] for part in releases_reference().split("](")[1:]}
    files = links - {""}
    assert len(files) == 3 + sum(len(release.pythons) for release in RELEASES.values())
    assert all((PAGE.parent / link).is_file() for link in files)
