"""The DAG files of the environment are those of the home."""

import os
from pathlib import Path

import pytest

from acceptance.development.mirror import Mirror, Mirrored

DAG = "from include.sql import queries\nfrom airflow import DAG\n"


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """Return a mirror of a home with one DAG file and a module that it uses."""
    home = tmp_path / "home"
    for name, text in (("dags/orders.py", DAG), ("include/sql/queries.py", "ALL = 1\n"), ("plugins/hello.py", "x")):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(text)
    (tmp_path / "one").mkdir()
    (tmp_path / "current").symlink_to("one")
    return Mirror(home=home, folder=tmp_path / "current")


def test_new_changed_and_removed_files_follow(mirror: Mirror) -> None:
    """Each once; what Airflow reads at its start is left to others."""
    assert mirror.update() == Mirrored(("dags/orders.py", "include/sql/queries.py"), (), ())
    assert (mirror.folder / "include/sql/queries.py").read_text() == "ALL = 1\n"
    assert not (mirror.folder / "plugins").exists()
    assert mirror.update() == Mirrored()
    (mirror.home / "dags/orders.py").write_text("changed, and longer than before: " + DAG)
    (mirror.home / "include/sql/queries.py").unlink()
    assert mirror.update() == Mirrored(("dags/orders.py",), ("include/sql/queries.py",), ())
    assert mirror.names() == ("dags/orders.py",)
    assert mirror.text("dags/orders.py").startswith("changed")
    assert mirror.text("dags/gone.py") == ""


def test_a_program_stays_one(mirror: Mirror) -> None:
    """Also one that becomes one without another change."""
    program, there = mirror.home / "dags/load.sh", mirror.folder / "dags/load.sh"
    program.write_text("#!/bin/sh\n")
    mirror.update()
    assert not os.access(there, os.X_OK)
    program.chmod(0o755)
    assert mirror.update().changed == ("dags/load.sh",)
    assert there.stat().st_mode & 0o777 == 0o755


def test_a_release_that_was_edited_before_is_mended(mirror: Mirror) -> None:
    """A push may go back to it: its name says what it held at first."""
    mirror.update()
    (mirror.folder.parent / "two/dags").mkdir(parents=True)
    (mirror.folder.parent / "two/dags/orders.py").write_text("edited")
    mirror.folder.unlink()
    mirror.folder.symlink_to("two")
    assert "dags/orders.py" in mirror.update().changed
    assert mirror.text("dags/orders.py") == DAG


def test_what_is_no_code_stays_at_home(mirror: Mirror) -> None:
    """A likely secret is named; what an editor leaves is nothing."""
    (mirror.home / "dags/.env").write_text("KEY=1")
    (mirror.home / "dags/prod.env").write_text("KEY=1")
    (mirror.home / "dags/orders.py.swp").write_text("x")
    seen = mirror.update()
    assert seen.changed == ("dags/orders.py", "include/sql/queries.py")
    assert [sentence.rpartition(": ")[2] for sentence in seen.refused] == ["it looks like a secret"]


def test_the_files_that_use_a_module_are_found(mirror: Mirror) -> None:
    """Through other modules, too."""
    (mirror.home / "include/sql/tables.py").write_text("from include.sql.base_names import NAMES\n")
    (mirror.home / "include/sql/queries.py").write_text("from include.sql import tables\n")
    mirror.update()
    assert mirror.users_of(["include/sql/base_names.py"]) == (
        "dags/orders.py",
        "include/sql/queries.py",
        "include/sql/tables.py",
    )
    assert mirror.users_of(["include/other.py"]) == ()
    assert mirror.users_of([]) == ()


def test_a_touched_file_is_newer(mirror: Mirror) -> None:
    """So that Airflow parses it again; one that is gone is nobody's business."""
    mirror.update()
    place = mirror.folder / "dags/orders.py"
    os.utime(place, (1, 1))
    mirror.touch(["dags/orders.py", "dags/gone.py"])
    assert place.stat().st_mtime > 1
    assert place.stat().st_mode & 0o777 == 0o644
