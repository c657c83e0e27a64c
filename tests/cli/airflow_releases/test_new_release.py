"""The files of a new release are made in a project of their own, and copied to where environments find them."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cli.airflow_releases.new_release import NewRelease, Places, option_list_of
from cli.airflow_releases.package_index import Published
from deployer.release.image_context import SHIPPED
from rehearsal.host.errors import RehearsalFailure
from spec.releases.entry import read_entries
from spec.releases.table import KNOWN
from tests.cli.airflow_releases.test_requirements_table import NEW

RELEASE = Published(version="3.4.0b2", day=date(2026, 10, 20), metadata=NEW)


def _made(folder: Path, python: str = "3.12") -> NewRelease:
    """Return a release whose pins and options are there."""
    new = NewRelease(release=RELEASE, python=python, folder=folder)
    assert new.resolve(lambda *_: "apache-airflow==3.4.0b2\napache-airflow-providers-fab==4.0.0\n") == 2
    (folder / "releases" / "options-3.4.0b2.json").write_text("{}")
    return new


def test_a_release_is_kept_beside_the_yaml(tmp_path: Path) -> None:
    """Its pins where the image is built, its options and its entry in `releases/`."""
    new, project = _made(tmp_path / "made"), tmp_path / "project"
    kept = new.keep(Places.of(project), rehearsed=True)
    assert [str(path.relative_to(project)) for path in kept] == [
        "docker/constraints/airflow-3.4.0b2-python3.12.txt",
        "releases/options-3.4.0b2.json",
        "releases/airflow-3.4.0b2.json",
    ]
    assert json.loads(kept[-1].read_text())["released"] == "2026-10-20"


def test_another_python_joins_those_that_are_known(tmp_path: Path) -> None:
    """Whether it was rehearsed is known of each; the options stay those of the first."""
    places = Places.of(tmp_path / "project")
    _made(tmp_path / "one").keep(places, rehearsed=True)
    another = replace(_made(tmp_path / "two", "3.13"), known=True)
    kept = another.keep(places, rehearsed=False)
    assert [path.name for path in kept] == ["airflow-3.4.0b2-python3.13.txt", "airflow-3.4.0b2.json"]
    (entry,) = read_entries(places.releases)
    assert dict(entry.pythons) == {"3.12": True, "3.13": False}


def test_windsocks_own_checkout_keeps_releases_in_its_table() -> None:
    """A release that is added there comes with Windsock."""
    assert Places.of(SHIPPED.parent).releases == KNOWN


def test_the_project_has_an_environment_for_each_executor(tmp_path: Path) -> None:
    """On the newest database that the release was tested with."""
    new = _made(tmp_path)
    assert 'engine: postgres, version: "18"' in new.yaml("local").read_text()
    assert 'version: 3.4.0b2, python: "3.12", executor: ecs' in new.yaml("ecs").read_text()


def test_an_environment_that_cannot_list_its_options_is_refused(tmp_path: Path) -> None:
    """With what its Python said."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\necho no airflow >&2\nexit 1\n")
    (tmp_path / "bin" / "python").chmod(0o755)
    with pytest.raises(RehearsalFailure, match="does not list the options") as failed:
        option_list_of(tmp_path, tmp_path)
    assert failed.value.why == "no airflow"
