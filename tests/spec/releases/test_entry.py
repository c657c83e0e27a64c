"""The files of releases are read, and a file that cannot be used is refused with what would be right."""

import json
from pathlib import Path
from typing import Any

import pytest

from spec.errors import SpecRefusal
from spec.releases.entry import age, is_final, read_entries

WHOLE = {"version": "2.9.3", "released": "2024-07-16", "pythons": {"3.12": True}, "databases": {"postgres": ["16"]}}


def _written(folder: Path, **changed: Any) -> Path:
    file = folder / "airflow-2.9.3.json"
    file.write_text(json.dumps({**WHOLE, **changed}))
    return file


def test_a_file_says_what_a_release_is(tmp_path: Path) -> None:
    """Its version, its Pythons and its databases."""
    _written(tmp_path)
    (entry,) = read_entries(tmp_path)
    assert (entry.version, dict(entry.pythons), entry.databases["postgres"]) == ("2.9.3", {"3.12": True}, ("16",))


def test_a_folder_that_is_not_there_has_no_releases(tmp_path: Path) -> None:
    """Most projects have none."""
    assert list(read_entries(tmp_path / "releases")) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"version": "2.9"}, "version: String should match pattern"),
        ({"version": "2.9.2"}, "version: the file is of Airflow 2.9.2"),
        ({"pythons": {}}, "pythons: Dictionary should have at least 1 item"),
        ({"pythons": {"3.12": "yes"}}, "pythons.3.12: Input should be a valid boolean"),
        ({"databases": {"oracle": ["19"]}}, "databases.oracle"),
        ({"colour": "blue"}, "colour: Extra inputs are not permitted"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_key(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    """The message names file and key."""
    file = _written(tmp_path, **changed)
    with pytest.raises(SpecRefusal) as refused:
        list(read_entries(tmp_path))
    assert f"{file}: {words}" in refused.value.why


def test_a_broken_file_is_refused_with_its_place(tmp_path: Path) -> None:
    """A half of a file says line and column."""
    _written(tmp_path).write_text('{"version": ')
    with pytest.raises(SpecRefusal, match=r"airflow-2\.9\.3\.json cannot be used") as refused:
        list(read_entries(tmp_path))
    assert "line 1 column 12" in refused.value.why


def test_versions_sort_by_age_and_betas_before_their_release() -> None:
    """Ten comes after nine, and b10 after b2."""
    ordered = ["2.9.3", "2.10.5", "3.4.0a1", "3.4.0b2", "3.4.0b10", "3.4.0rc1", "3.4.0", "3.4.1"]
    assert sorted(set(ordered), key=age) == ordered
    assert [version for version in ordered if not is_final(version)] == ordered[2:6]


def test_what_is_no_version_has_no_age() -> None:
    """It is not taken for one."""
    with pytest.raises(ValueError, match="'newest' is no version"):
        age("newest")
