"""What compile writes into its folder, and what it never touches there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.templates_out import holds_templates, stale, write, written_by
from spec.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.compiler.conftest import Case


def test_written_templates_are_not_stale(smallest: Case, tmp_path: Path) -> None:
    """Writing makes a missing folder; afterwards nothing is left to write."""
    folder = tmp_path / "templates_out" / "small"
    assert write(smallest.templates, folder) == tuple(smallest.templates.files)
    assert stale(smallest.templates, folder) == ()
    assert write(smallest.templates, folder) == ()


def test_stale_files_are_named_and_rewritten(smallest: Case, tmp_path: Path) -> None:
    """Changed, missing and left-over files; writing touches these alone."""
    write(smallest.templates, tmp_path)
    untouched = (tmp_path / "root.yaml").stat().st_mtime_ns
    (tmp_path / "edge.yaml").write_text("changed", encoding="utf-8")
    (tmp_path / "network.yaml").unlink()
    (tmp_path / "broker.yaml").write_text(smallest.templates.files["network.yaml"], encoding="utf-8")
    expected = ("network.yaml", "edge.yaml", "broker.yaml")
    assert stale(smallest.templates, tmp_path) == expected
    assert write(smallest.templates, tmp_path) == expected
    assert stale(smallest.templates, tmp_path) == ()
    assert (tmp_path / "root.yaml").stat().st_mtime_ns == untouched


def test_a_check_writes_nothing(smallest: Case, tmp_path: Path) -> None:
    """Also where there is nothing yet."""
    folder = tmp_path / "small"
    assert stale(smallest.templates, folder) == tuple(smallest.templates.files)
    assert not folder.exists()


def test_other_files_of_the_folder_stay(smallest: Case, tmp_path: Path) -> None:
    """Notes, foreign templates, those of another environment, folders and links are neither named nor removed."""
    other = smallest.templates.files["network.yaml"].replace(smallest.templates.name, "another")
    for name, text in {"README.md": "Notes", "own.yaml": "Resources: {}", "other.yaml": other}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "link.yaml").symlink_to("network.yaml")
    before = sorted(tmp_path.iterdir())
    assert write(smallest.templates, tmp_path) == tuple(smallest.templates.files)
    assert stale(smallest.templates, tmp_path) == ()
    assert set(before) < set(tmp_path.iterdir())
    assert (tmp_path / "own.yaml").read_text(encoding="utf-8") == "Resources: {}"


@pytest.mark.parametrize("link", ["templates_out", "templates_out/small", "templates_out/small/network.yaml"])
def test_a_link_is_refused(smallest: Case, tmp_path: Path, link: str) -> None:
    """As folder or as file; nothing is written, neither behind the link nor beside it."""
    outside = tmp_path / "outside"
    folder = tmp_path / "templates_out" / "small"
    if link.endswith(".yaml"):
        outside.write_text("of somebody else", encoding="utf-8")
    else:
        (outside / "small").mkdir(parents=True)
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(outside)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refusal, match=r"is a link to .*outside; nothing was written"):
        write(smallest.templates, folder)
    assert sorted(tmp_path.rglob("*")) == before
    assert not outside.is_file() or outside.read_text(encoding="utf-8") == "of somebody else"


def test_a_link_to_the_same_text_is_stale(smallest: Case, tmp_path: Path) -> None:
    """What the pull request shows is a link, not the template."""
    write(smallest.templates, tmp_path)
    (tmp_path / "network.yaml").rename(tmp_path / "text")
    (tmp_path / "network.yaml").symlink_to("text")
    assert "network.yaml" in stale(smallest.templates, tmp_path)


def test_a_file_with_a_second_name_elsewhere_is_replaced(smallest: Case, tmp_path: Path) -> None:
    """The file of the other name keeps its text."""
    other = tmp_path / "other"
    other.write_text("of somebody else", encoding="utf-8")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "network.yaml").hardlink_to(other)
    write(smallest.templates, tmp_path / "small")
    assert other.read_text(encoding="utf-8") == "of somebody else"


def test_a_folder_in_the_place_of_a_template_is_refused(smallest: Case, tmp_path: Path) -> None:
    """It is named, and nothing is written."""
    (tmp_path / "network.yaml").mkdir()
    with pytest.raises(Refusal, match=r"network\.yaml is not a file; nothing was written"):
        write(smallest.templates, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["network.yaml"]


def test_a_change_notes_the_version_that_made_it(smallest: Case, tmp_path: Path) -> None:
    """Templates that stay as they are keep their version, so that an update of Windsock alone changes no file."""
    assert written_by(tmp_path) == ""
    write(smallest.templates, tmp_path, "0.1.0")
    write(smallest.templates, tmp_path, "0.2.0")
    assert written_by(tmp_path) == "0.1.0"
    (tmp_path / "edge.yaml").write_text("changed", encoding="utf-8")
    write(smallest.templates, tmp_path, "0.2.0")
    assert written_by(tmp_path) == "0.2.0"


def test_a_folder_of_templates_is_known_by_its_root(smallest: Case, tmp_path: Path) -> None:
    """Of the environment that the folder is named after."""
    folder = tmp_path / smallest.templates.name
    assert not holds_templates(folder)
    write(smallest.templates, folder)
    assert holds_templates(folder)
    folder.rename(tmp_path / "other")
    assert not holds_templates(tmp_path / "other")
