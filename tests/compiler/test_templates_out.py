"""Promises of the door to disk: the folder holds the templates, all of them, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.templates_out import stale, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.compiler.conftest import Case


def test_what_was_written_is_not_stale(smallest: Case, tmp_path: Path) -> None:
    """Writing into a folder that is not there makes it, and then there is nothing left to write."""
    folder = tmp_path / "templates_out" / "small"
    assert write(smallest.templates, folder) == tuple(smallest.templates.files)
    assert stale(smallest.templates, folder) == ()
    assert write(smallest.templates, folder) == ()


def test_what_differs_is_named_and_put_right(smallest: Case, tmp_path: Path) -> None:
    """Files that were changed, are missing, or are left over are named; writing touches these alone."""
    write(smallest.templates, tmp_path)
    untouched = (tmp_path / "root.yaml").stat().st_mtime_ns
    (tmp_path / "edge.yaml").write_text("changed", encoding="utf-8")
    (tmp_path / "network.yaml").unlink()
    (tmp_path / "broker.yaml").write_text("left over", encoding="utf-8")
    expected = ("network.yaml", "edge.yaml", "broker.yaml")
    assert stale(smallest.templates, tmp_path) == expected
    assert write(smallest.templates, tmp_path) == expected
    assert stale(smallest.templates, tmp_path) == ()
    assert (tmp_path / "root.yaml").stat().st_mtime_ns == untouched


def test_asking_does_not_write(smallest: Case, tmp_path: Path) -> None:
    """A check changes nothing, also where there is nothing yet."""
    folder = tmp_path / "small"
    assert stale(smallest.templates, folder) == tuple(smallest.templates.files)
    assert not folder.exists()
