"""The release table is whole."""

import json
from pathlib import Path

import pytest

from spec.errors import SpecRefusal
from spec.releases.table import NEWEST, RELEASES, Release, add_releases

CONSTRAINTS = Path(__file__).parents[3] / "docker" / "constraints"


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_python_has_a_lock(release: Release) -> None:
    """Each release and Python that may be chosen has its pins in the repository."""
    assert release.pythons
    for python in release.pythons:
        assert release.lock_file(python) == CONSTRAINTS / release.lock(python)
        assert release.lock_file(python).is_file()


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


def _added(folder: Path, version: str, **pythons: bool) -> None:
    databases = {"postgres": ["17"], "mysql": ["8.4"]}
    dotted = {python.removeprefix("py").replace("_", "."): rehearsed for python, rehearsed in pythons.items()}
    facts = {"version": version, "released": "2026-10-20", "pythons": dotted, "databases": databases}
    (folder / f"airflow-{version}.json").write_text(json.dumps(facts))
    add_releases(folder)


@pytest.mark.usefixtures("own_releases")
def test_a_release_of_a_project_is_like_those_before_it(tmp_path: Path) -> None:
    """A beta has the processes and options of its series, databases of its own, and is advised to nobody."""
    _added(tmp_path, "3.4.0b2", py3_14=False, py3_9=True, py3_13=True)
    release = RELEASES["3.4.0b2"]
    assert (release.processes, release.config, release.folder) == (NEWEST.processes, NEWEST.config, tmp_path)
    assert release.databases["postgres"] == ("17",)
    assert release.pythons == ("3.9", "3.13", "3.14")
    assert release.python == "3.13"
    assert release.lock_file("3.13") == tmp_path.parent / "docker" / "constraints" / "airflow-3.4.0b2-python3.13.txt"
    assert [*RELEASES][-1] == "3.4.0b2"
    assert NEWEST.version != "3.4.0b2"


@pytest.mark.usefixtures("own_releases")
def test_an_older_release_stands_in_its_place(tmp_path: Path) -> None:
    """Oldest first, whenever it was added; it has the commands of its own time."""
    _added(tmp_path, "2.6.1", py3_11=False)
    assert [*RELEASES].index("2.6.1") == [*RELEASES].index("2.5.3") + 1
    assert RELEASES["2.6.1"].migrate_database == RELEASES["2.5.3"].migrate_database
    assert RELEASES["2.6.1"].python == "3.11"


@pytest.mark.usefixtures("own_releases")
def test_a_project_adds_pythons_to_a_release_that_windsock_knows(tmp_path: Path) -> None:
    """Everything else of the release stays as it is."""
    before = RELEASES["2.10.5"]
    _added(tmp_path, "2.10.5", py3_9=False)
    after = RELEASES["2.10.5"]
    assert after.pythons == ("3.9", *before.pythons)
    assert after.lock_file(after.python) == before.lock_file(before.python)
    assert after.lock_file("3.9").is_relative_to(tmp_path.parent)
    assert (after.rehearsed, after.databases, after.folder) == (before.rehearsed, before.databases, before.folder)


@pytest.mark.usefixtures("own_releases")
def test_a_release_before_all_series_is_refused(tmp_path: Path) -> None:
    """Nobody knows its commands."""
    with pytest.raises(SpecRefusal) as refused:
        _added(tmp_path, "1.10.15", py3_9=False)
    assert "Windsock runs Airflow from 2.5 on" in refused.value.why
