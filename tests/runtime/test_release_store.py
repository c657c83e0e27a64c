"""A release is laid down whole and checked, or it is refused."""

import io
import tarfile

import pytest

from compiler import contract
from tests.runtime.conftest import Home
from tests.runtime.store import bucket, release, stored

pytestmark = pytest.mark.airflow

UNPACK = """
import sys
from pathlib import Path
from windsock_runtime import release_store as store
try:
    folder = store.unpack(store.release_of(store.current_version()), Path("releases/x"))
except store.ReleaseError as error:
    print("refused:", error)
    print(sorted(path.name for path in Path("releases").glob("*")))
else:
    for path in sorted(folder.rglob("*")):
        print(path.relative_to(folder), oct(path.stat().st_mode & 0o777))
"""


def _archive(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as files:
        header = tarfile.TarInfo(name)
        header.size = len(content)
        files.addfile(header, io.BytesIO(content))
    return packed.getvalue()


def test_a_release_is_laid_down_as_airflow_looks_for_it(bundled: Home) -> None:
    """Everybody may read it, programs stay programs, and `include` is found in `config/` too."""
    with bucket(stored(release("one"))) as variables:
        lines = bundled.run(UNPACK, variables)
    assert {
        "config 0o755",
        "config/include 0o755",
        "config/settings.py 0o644",
        "config/webserver_config.py 0o644",
        "dags/run.sh 0o755",
        "include/query.py 0o644",
        "plugins 0o755",
    } <= set(lines)


def test_a_changed_object_is_refused_and_nothing_is_left(bundled: Home) -> None:
    """Its name is the hash of what it held."""
    one = release("one")
    objects = {**stored(one), f"releases/{one.release}/code.tar.gz": _archive("dags/one.py", b"evil()\n")}
    with bucket(objects) as variables:
        refused, left = bundled.run(UNPACK, variables)
    assert "was changed after it was pushed" in refused
    assert left == "[]"


def test_a_file_outside_of_the_release_is_refused(bundled: Home) -> None:
    """An archive must not write anywhere else."""
    one = release("one")
    objects = {**stored(one), f"releases/{one.release}/code.tar.gz": _archive("../escaped.py", b"evil()\n")}
    with bucket(objects) as variables:
        refused, left = bundled.run(UNPACK, variables)
    assert "'../escaped.py'" in refused
    assert left == "[]"


def test_a_cut_object_is_refused(bundled: Home) -> None:
    """As one that is no archive at all."""
    one = release("one")
    whole = stored(one)
    key = f"releases/{one.release}/code.tar.gz"
    with bucket({**whole, key: whole[key][:-40]}) as variables:
        refused, left = bundled.run(UNPACK, variables)
    assert "cannot be read" in refused
    assert left == "[]"


def test_an_empty_bucket_says_what_to_do(bundled: Home) -> None:
    """Nothing was ever pushed."""
    with bucket({}) as variables:
        refused, *_ = bundled.run(
            UNPACK.replace("sorted", "list").replace('Path("releases").glob("*")', "[]"), variables
        )
    assert "run `windsock push`" in refused


def test_both_sides_use_the_same_names(bundled: Home) -> None:
    """The deployer writes what the runtime reads."""
    script = (
        "from windsock_runtime import release_store as s; "
        "print(s.CURRENT, s.REPORT, s.DIGITS, s.BUCKET_VARIABLE, s.ARCHIVE.format(release='r'))"
    )
    (found,) = bundled.run(script)
    assert found.split() == [
        contract.CURRENT_RELEASE,
        contract.RELEASE_REPORT,
        str(contract.RELEASE_DIGITS),
        contract.CODE_BUCKET_VARIABLE,
        f"{contract.RELEASES_PREFIX}r/{contract.RELEASE_ARCHIVE}",
    ]
