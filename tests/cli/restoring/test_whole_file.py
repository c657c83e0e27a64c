"""Tests of writing a file of the user's: a link stays one, and the mode is kept."""

from pathlib import Path

from cli.restoring.whole_file import rewrite


def test_a_link_stays_one_and_its_file_is_written(tmp_path: Path) -> None:
    """Elsewhere, where somebody keeps it; nothing lies beside either."""
    kept, here = tmp_path / "kept" / "env.yaml", tmp_path / "here" / "env.yaml"
    for file in (kept, here):
        file.parent.mkdir()
    kept.write_text("name: demo\n")
    here.symlink_to("../kept/env.yaml")
    rewrite(here, "name: other\n")
    assert here.is_symlink()
    assert kept.read_text() == "name: other\n"
    assert [*kept.parent.iterdir(), *here.parent.iterdir()] == [kept, here]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    """Who could read it can, and nobody else."""
    file = tmp_path / "env.yaml"
    file.write_text("name: demo\n")
    file.chmod(0o640)
    rewrite(file, "name: other\n")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("name: other\n", 0o640)
