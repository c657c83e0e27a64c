"""Compares releases file by file."""

from collections.abc import Mapping

from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded
from deployer.releases.manifest import Manifest


def hashes_of(code: Code) -> Mapping[str, str]:
    """Return the hash of each file, as the manifest of a release notes it."""
    return {file.path: file.digest for file in code.files}


def changes_since(before: Manifest | None, wanted: Mapping[str, str]) -> Uploaded:
    """Return what is new or changed, and what is gone, where the files `wanted` come after a release, or after none."""
    held = before.files if before else {}
    changed = tuple(path for path in sorted(wanted) if held.get(path) != wanted[path])
    return Uploaded(changed, tuple(sorted(held.keys() - wanted.keys())))
