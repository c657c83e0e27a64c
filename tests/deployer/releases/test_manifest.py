"""What is noted of a release is read as it was written."""

from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.manifest import Manifest, read_manifest, version_of

CODE = Code((CodeFile("dags/one.py", b"x = 1\n"),))


def test_what_was_written_is_read() -> None:
    """A field of a later Windsock is passed over."""
    manifest = Manifest(release="r", version="v", files={"dags/a.py": "1", "plugins/b.py": "2"})
    later = manifest.text().replace(b'"commit"', b'"colour": "blue",\n "commit"', 1)
    assert read_manifest(later) == manifest
    assert manifest.dags == {"dags/a.py": "1"}


def test_a_version_begins_with_the_commit() -> None:
    """Code that is no commit has the name of its content alone."""
    commit = "c" * 40
    assert version_of(CODE) == CODE.release
    assert version_of(CODE._replace(commit=commit)) == f"{commit}-{CODE.release}"
