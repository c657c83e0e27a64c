"""What stands for the official images of databases behaves as they do, without the names of this machine."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images import databases

SCRIPTS = databases.SCRIPTS
SERVER = '#!/bin/sh\necho "$(basename "$0") $@"\ncase "$*" in *--bootstrap*) cat; mkdir -p "$KEPT/mysql" ;; esac\n'


def _program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def _enter(script: str, folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run an entry point with programs that say how they were called."""
    path = {"PATH": f"{folder}:{os.environ['PATH']}", "MARIADB_SHARE": str(folder)}
    line = ["bash", str(SCRIPTS / script), *command]
    return subprocess.run(line, check=False, capture_output=True, text=True, env={**path, **variables})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a server that reports how it was called, and with MariaDB's system statements."""
    _program(tmp_path, "mysqld", SERVER)
    for name in ("system_tables", "performance_tables", "system_tables_data"):
        (tmp_path / f"mysql_{name}.sql").write_text(f"-- {name}\n", encoding="utf-8")
    return tmp_path


def test_a_new_directory_becomes_a_database(folder: Path) -> None:
    """User, database and passwords are those of the variables, quoted as SQL wants them."""
    given = {"MYSQL_ROOT_PASSWORD": "it's", "MYSQL_USER": "airflow", "MYSQL_PASSWORD": "p", "MYSQL_DATABASE": "airflow"}
    kept = folder / "kept"
    done = _enter("mysql.sh", folder, "mysqld", f"--datadir={kept}", KEPT=str(kept), **given)
    assert done.returncode == 0, done.stderr
    assert "alter user root@localhost identified by 'it''s';" in done.stdout
    assert "create database `airflow`;" in done.stdout
    assert "create user 'airflow'@'%' identified by 'p';" in done.stdout
    assert done.stdout.splitlines()[-1] == f"mysqld --datadir={kept}"


def test_an_existing_database_directory_is_kept(folder: Path) -> None:
    """Nothing is created, and no password is needed."""
    (folder / "kept" / "mysql").mkdir(parents=True)
    done = _enter("mysql.sh", folder, f"--datadir={folder / 'kept'}")
    assert done.stdout == f"mysqld --datadir={folder / 'kept'}\n"


def test_a_new_database_without_password_is_refused(folder: Path) -> None:
    """As the official image does, in its words."""
    done = _enter("mysql.sh", folder, "mysqld", f"--datadir={folder / 'kept'}")
    assert done.returncode == 1
    assert "password option is not specified" in done.stderr


def test_other_commands_run_unchanged(folder: Path) -> None:
    """A shell in the image is a shell."""
    assert _enter("mysql.sh", folder, "echo", "here").stdout == "here\n"
    assert _enter("postgres.sh", folder, "echo", "here").stdout == "here\n"


def test_postgres_without_password_is_refused(folder: Path) -> None:
    """Before it makes anything."""
    done = _enter("postgres.sh", folder, "postgres", PGDATA=str(folder / "data"))
    assert done.returncode == 1
    assert "superuser password is not specified" in done.stderr
    assert not (folder / "data").exists()


def test_flags_of_mysql_alone_are_left_out(folder: Path) -> None:
    """Others reach the server, behind what tells it where it is."""
    _program(folder, "mariadbd", SERVER)
    done = _enter("mysqld.sh", folder, "--max-connections=9", "--mysqlx=OFF", "--loose-mysqlx=OFF")
    assert done.stdout.startswith("mariadbd --no-defaults ")
    assert done.stdout.endswith(" --max-connections=9\n")


def test_missing_mariadb_is_reported_with_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence names the packages."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RehearsalFailure) as failure:
        databases.unpack_mariadb(tmp_path)
    assert "mariadb-server-core mariadb-client" in failure.value.next_step
    assert not (tmp_path / "mariadb").exists()


def test_missing_postgres_is_reported_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence names it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RehearsalFailure) as failure:
        databases.unpack_postgres(tmp_path)
    assert failure.value.next_step.endswith("apt-get install postgresql")
    assert not (tmp_path / "postgresql").exists()
