"""`windsock rollback --json`: what a program needs to know."""

from cli.verbs.rollback import _facts
from deployer.release.upload_code import Uploaded
from deployer.releases.manifest import Manifest
from deployer.rollback import RolledBack


def test_the_json_names_release_commit_and_files() -> None:
    """With the files that Airflow cannot import."""
    done = RolledBack(manifest=Manifest(release="r", version="c-r", commit="c"), changes=Uploaded(("a",), ("b",)))
    facts = _facts("demo", done, ("dags/a.py:1: x",))
    assert facts == {
        "environment": "demo",
        "release": "r",
        "commit": "c",
        "changed": ["a"],
        "removed": ["b"],
        "restarted": False,
        "errors": ["dags/a.py:1: x"],
    }
