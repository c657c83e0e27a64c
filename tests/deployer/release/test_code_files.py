"""Which files of a home may be uploaded: regular ones of the same checkout, with names and content that are code."""

import os
import sys
from pathlib import Path

import pytest

from deployer.release.airflow_home import CodeRefusal, read_code
from deployer.release.code_files import FILE_LIMIT, NAME_LIMIT, TOTAL_LIMIT, find_code

LETTERS = pytest.mark.skipif(
    sys.getfilesystemencoding() != "utf-8", reason="no file can be named with letters beyond ASCII in this locale"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make an Airflow home in a checkout, with a file and a folder outside of both."""
    home = tmp_path / "checkout" / "airflow_home"
    for folder in (home / "dags", tmp_path / "checkout" / ".git", tmp_path / "checkout" / "shared", tmp_path / "out"):
        folder.mkdir(parents=True)
    for file in ("checkout/airflow_home/dags/one.py", "checkout/shared/library.py", "checkout/.git/config", "out/x.py"):
        (tmp_path / file).write_text("x = 1\n", encoding="utf-8")
    return home


def found(home: Path) -> list[str]:
    """Return the paths that may be uploaded; nothing may be refused."""
    code = find_code(home, ["dags"], [])
    assert code.refused == []
    return [path.relative_to(home).as_posix() for path in code.paths]


def refused(home: Path) -> str:
    """Return the only reason to refuse; the rest of the home is found as before."""
    code = find_code(home, ["dags"], [])
    assert home / "dags" / "one.py" in code.paths
    (reason,) = code.refused
    return reason


@pytest.mark.parametrize("target", ["../../shared/library.py", "one.py"])
def test_a_link_within_the_checkout_is_followed(home: Path, target: str) -> None:
    """To a file, in the home or beside it."""
    (home / "dags" / "two.py").symlink_to(target)
    assert found(home) == ["dags/one.py", "dags/two.py"]


def test_a_linked_folder_within_the_checkout_is_followed(home: Path) -> None:
    """A library that several homes share is uploaded below its name in the home."""
    (home / "dags" / "shared").symlink_to("../../shared")
    assert found(home) == ["dags/one.py", "dags/shared/library.py"]


@pytest.mark.parametrize("target", ["/proc/self/environ", "../../../out/x.py", "../../../out", "/"])
def test_a_link_out_of_the_checkout_is_refused(home: Path, target: str) -> None:
    """To a file or to a folder; it is named, with where it leads."""
    (home / "dags" / "two.py").symlink_to(target)
    assert refused(home).startswith(f"{home}/dags/two.py: it is a link to /")
    assert "outside of" in refused(home)


def test_without_a_checkout_a_link_out_of_the_home_is_refused(home: Path) -> None:
    """A home that came without git reaches no further than itself."""
    (home.parent / ".git" / "config").unlink()
    (home.parent / ".git").rmdir()
    (home / "dags" / "two.py").symlink_to("../../shared/library.py")
    assert f"outside of {home}" in refused(home)


def test_a_link_to_a_hidden_file_is_refused(home: Path) -> None:
    """Such as the configuration of git, in which a CI job keeps its token."""
    (home / "dags" / "two.py").symlink_to("../../.git/config")
    assert refused(home).endswith(".git/config, which is hidden")


@pytest.mark.parametrize("target", ["nowhere.py", "two.py"])
def test_a_link_to_nothing_is_refused(home: Path, target: str) -> None:
    """Also when it leads to itself."""
    (home / "dags" / "two.py").symlink_to(target)
    assert refused(home) == f"{home}/dags/two.py: it is a link to nothing"


def test_links_in_a_circle_end(home: Path) -> None:
    """A linked folder may not link to another one, so that no upload is endless."""
    (home / "dags" / "again").symlink_to("../dags")
    assert "a linked folder links to it" in refused(home)


def test_what_is_no_regular_file_is_refused(home: Path) -> None:
    """A FIFO would hang the upload; it is not even opened."""
    os.mkfifo(home / "dags" / "two.py")
    assert refused(home) == f"{home}/dags/two.py: it is not a regular file"


def test_a_file_over_the_limit_is_refused(home: Path) -> None:
    """It is not read; one of exactly the limit is code."""
    for name, size in (("at.bin", FILE_LIMIT), ("over.bin", FILE_LIMIT + 1)):
        (home / "dags" / name).touch()
        os.truncate(home / "dags" / name, size)
    assert refused(home) == f"{home}/dags/over.bin: it is larger than 100 MiB"


def test_files_that_are_too_large_together_are_refused(home: Path) -> None:
    """All code is read into memory, so its size has an end."""
    for number in range(TOTAL_LIMIT // FILE_LIMIT):
        (home / "dags" / f"{number}.bin").touch()
        os.truncate(home / "dags" / f"{number}.bin", FILE_LIMIT)
    assert refused(home) == f"{home}: all files together are larger than 500 MiB"


@pytest.mark.parametrize("name", [b"a\x1b[2J.py", b"a\xc2\x9b.py", b"a\n.py", "a\u202e.py".encode(), b"\xff.py"])
def test_a_name_that_cannot_be_printed_is_refused(home: Path, name: bytes) -> None:
    """Control characters, the direction of writing, and bytes that are no text; the refusal itself can be printed."""
    (home / "dags" / os.fsdecode(name)).touch()
    assert refused(home).isprintable()
    assert refused(home).endswith("its name has characters that cannot be printed")


@LETTERS
def test_a_name_of_another_language_is_code(home: Path) -> None:
    """Letters are letters."""
    (home / "dags" / "søk_データ.py").touch()
    assert found(home) == ["dags/one.py", "dags/søk_データ.py"]


@LETTERS
def test_a_name_that_is_too_long_for_s3_is_refused(home: Path) -> None:
    """Counted in bytes, with its folders."""
    deep = home / "dags" / "/".join(["ö" * 100] * 5)
    deep.mkdir(parents=True)
    (deep / "a.py").touch()
    assert refused(home).endswith(f"its name is longer than {NAME_LIMIT} bytes")


@pytest.mark.parametrize("name", ["id_rsa", "prod.env", "credentials", "credentials.json", "store.P12"])
def test_a_likely_secret_is_refused(home: Path, name: str) -> None:
    """By its name, whatever it holds."""
    (home / "dags" / name).touch()
    assert refused(home) == f"{home}/dags/{name}: it looks like a secret"


def test_a_link_to_a_likely_secret_is_refused(home: Path) -> None:
    """Whatever the name of the link."""
    (home.parent / "shared" / "id_rsa").touch()
    (home / "dags" / "two.py").symlink_to("../../shared/id_rsa")
    assert refused(home) == f"{home}/dags/two.py: it looks like a secret"


def test_a_private_key_is_refused_and_a_certificate_is_not(home: Path) -> None:
    """Both end with .pem, and tasks need the authorities of their databases."""
    (home / "dags" / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n", encoding="ascii")
    (home / "dags" / "own.pem").write_text("-----BEGIN RSA PRIVATE KEY-----\n", encoding="ascii")
    assert refused(home) == f"{home}/dags/own.pem: it holds a private key"


def test_a_virtual_environment_is_refused_as_one(home: Path) -> None:
    """One sentence, not one for each of its links."""
    (home / "dags" / "venv" / "bin").mkdir(parents=True)
    (home / "dags" / "venv" / "pyvenv.cfg").touch()
    (home / "dags" / "venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    assert refused(home) == f"{home}/dags/venv: it is a virtual environment; packages belong into the image"


@pytest.mark.parametrize("name", [".git", ".env", ".two.swp", "__pycache__"])
def test_a_link_that_is_no_code_is_left_alone(home: Path, name: str) -> None:
    """Dotfiles and caches stay here, wherever they lead."""
    (home / "dags" / name).symlink_to("/")
    assert found(home) == ["dags/one.py"]


def test_all_reasons_are_listed_at_once(home: Path) -> None:
    """Before any file is read; the next step covers both."""
    (home / "webserver_config.py").touch()
    (home / "dags" / "id_rsa").touch()
    (home / "dags" / "two.py").symlink_to("/etc/passwd")
    with pytest.raises(CodeRefusal, match="nothing was uploaded") as refusal:
        read_code(home, "regexp")
    assert len(refusal.value.why.splitlines()) == 2
    assert "Secrets Manager" in refusal.value.next_step
