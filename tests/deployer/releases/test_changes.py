"""Releases are compared by the content of their files."""

from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.changes import changes_since, hashes_of
from deployer.releases.manifest import Manifest


def test_new_changed_and_gone_files_are_told() -> None:
    """A file that has become a program is changed; an equal one is not named."""
    before = Code((CodeFile("a", b"1"), CodeFile("b", b"1"), CodeFile("c", b"1"), CodeFile("d", b"1")))
    after = Code((CodeFile("a", b"2"), CodeFile("b", b"1", executable=True), CodeFile("d", b"1"), CodeFile("e", b"1")))
    released = Manifest(release=before.release, version=before.version, files=hashes_of(before))
    changes = changes_since(released, hashes_of(after))
    assert (changes.put, changes.deleted) == (("a", "b", "e"), ("c",))
