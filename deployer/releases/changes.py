"""Compares releases file by file."""

from collections.abc import Mapping

from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded


def hashes_of(code: Code) -> Mapping[str, str]:
    """Return the hash of each file, as the manifest of a release notes it."""
    return {file.path: file.digest for file in code.files}


def compare_files(wanted: Mapping[str, str], held: Mapping[str, str]) -> Uploaded:
    """Return what is new or changed, and what is gone, where the files `held` become `wanted`."""
    changed = tuple(path for path in sorted(wanted) if held.get(path) != wanted[path])
    return Uploaded(changed, tuple(sorted(held.keys() - wanted.keys())))
