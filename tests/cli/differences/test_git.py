"""Files of a revision are read without touching the checkout."""

from pathlib import Path

import pytest

from cli.differences.git import RevisionRefusal, find_revision
from tests.cli.differences.repository import commit


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder below a repository's root, with two commits of a file."""
    folder = tmp_path / "a" / "b"
    (folder / "out").mkdir(parents=True)
    for text in ("old", "new"):
        (folder / "env.yaml").write_text(text)
        (folder / "out" / "root.yaml").write_text(text)
        commit(tmp_path)
    return folder


def test_a_file_is_read_as_it_was(project: Path) -> None:
    """Relative to the folder of the YAML, wherever the root of the repository is."""
    revision = find_revision(project / "env.yaml", "HEAD~1")
    assert revision.text("env.yaml") == "old"
    assert revision.names("out") == ["root.yaml"]
    assert revision.names("nothing") == []
    assert (project / "env.yaml").read_text() == "new"


@pytest.mark.parametrize("name", ["nowhere", "--all", "HEAD~9", "HEAD:env.yaml"])
def test_an_unknown_revision_is_refused(project: Path, name: str) -> None:
    """Also one that git would take for an option, and one that is no commit."""
    with pytest.raises(RevisionRefusal, match="no revision that git knows"):
        find_revision(project / "env.yaml", name)


def test_a_file_that_was_renamed_is_found(project: Path) -> None:
    """Committed or only staged; what was never there has its own name, and no text."""
    (project / "env.yaml").rename(project / "prod.yaml")
    commit(project.parents[1])
    revision = find_revision(project / "prod.yaml", "HEAD~1")
    assert revision.former_name("prod.yaml") == "env.yaml"
    assert revision.text(revision.former_name("prod.yaml")) == "new"
    assert revision.former_name("other.yaml") == "other.yaml"
    assert revision.text("other.yaml") is None


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    """What was given is no file either."""
    with pytest.raises(RevisionRefusal, match="is in no git repository"):
        find_revision(tmp_path / "env.yaml", "main")


def test_a_machine_without_git_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A YAML could still be compared with."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RevisionRefusal, match="git is not installed"):
        find_revision(project / "env.yaml", "HEAD")
