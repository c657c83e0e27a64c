"""A dump is looked at before anything is created: where it is, its format, and whether the database is new."""

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from deployer.databases.dump_file import DumpFile, DumpRefusal
from deployer.record.deploy_state import DeployState
from tests.spec.minimal import minimal

PLAIN = b"--\n-- PostgreSQL database dump\n--\n"
SECTION = 'database: {version: "15", restore_from: {dump: old/airflow.sql}}\n'


def _file(folder: Path, content: bytes) -> DumpFile:
    (folder / "old").mkdir()
    (folder / "old" / "airflow.sql").write_bytes(content)
    found = DumpFile.of(minimal(more=SECTION), folder)
    assert found is not None
    return found


@pytest.mark.parametrize("content", [PLAIN, gzip.compress(PLAIN)], ids=["plain", "gzip"])
def test_a_plain_dump_is_taken_under_its_hash(tmp_path: Path, content: bytes) -> None:
    """So that a second upload of the same file is none."""
    file = _file(tmp_path, content)
    file.check(minimal(), DeployState())
    assert file.key == f"dump/{hashlib.sha256(content).hexdigest()}"


def test_a_yaml_without_a_dump_names_none(tmp_path: Path) -> None:
    """A database begins empty then, or with a snapshot."""
    assert DumpFile.of(minimal(), tmp_path) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PGDMP\x01", "in the custom format"),
        (b"toc.dat\0", "in the tar format"),
        (b"-- MySQL dump 10.13\n", "is a dump of MySQL"),
        (b"hello", "is no dump of PostgreSQL"),
    ],
)
def test_another_file_is_refused_with_what_would_be_right(tmp_path: Path, content: bytes, why: str) -> None:
    """By its first bytes."""
    with pytest.raises(DumpRefusal, match=why):
        _file(tmp_path, content).check(minimal(), DeployState())


def test_a_file_that_s3_would_not_take_is_refused(tmp_path: Path) -> None:
    """Before it is sent."""
    file = _file(tmp_path, PLAIN)
    os.truncate(file.path, 5 * 2**30 + 1)
    with pytest.raises(DumpRefusal, match="more than 5 GiB"):
        file.check(minimal(), DeployState())


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the key of the YAML that names it."""
    with pytest.raises(DumpRefusal, match=r"old/airflow\.sql.* cannot be read") as refusal:
        DumpFile(tmp_path / "old" / "airflow.sql").check(minimal(), DeployState())
    assert "database.restore_from.dump" in refusal.value.next_step


def test_a_database_that_has_begun_takes_no_dump(tmp_path: Path) -> None:
    """It would lose what it has."""
    with pytest.raises(DumpRefusal, match="database of demo is not new"):
        _file(tmp_path, PLAIN).check(minimal(), DeployState(database="db-1"))
