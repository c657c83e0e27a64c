"""The promises of rehearsal/emulator/containers/root_filesystem.py."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rehearsal.emulator.containers import root_filesystem
from rehearsal.emulator.containers.root_filesystem import Mount
from rehearsal.session import emulator_session
from tests.rehearsal.yard import Yard


def _environment(tmp_path: Path) -> Path:
    """Make a virtualenv whose Python is a link to a link in an installation with two names."""
    installation = tmp_path / "pythons" / "3.11.7"
    (installation / "bin").mkdir(parents=True)
    (installation / "bin" / "python3.11").touch()
    (tmp_path / "pythons" / "3.11").symlink_to("3.11.7")
    environment = tmp_path / "cache" / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to("python3")
    (environment / "bin" / "python3").symlink_to(tmp_path / "pythons" / "3.11" / "bin" / "python3.11")
    (environment / "pyvenv.cfg").write_text(f"home = {tmp_path}/pythons/3.11/bin\nversion = 3.11\n", encoding="utf-8")
    return environment


def test_interpreter_is_found_under_every_name(tmp_path: Path) -> None:
    """An installation reached through a link is needed at the link's path and at its own."""
    roots = root_filesystem.interpreter_roots(_environment(tmp_path))
    assert set(roots) == {tmp_path / "pythons" / "3.11", tmp_path / "pythons" / "3.11.7"}


def test_environment_and_interpreter_are_mounted_read_only(tmp_path: Path) -> None:
    """Both are seen at their own paths, wherever they are, and nobody can change them."""
    environment = _environment(tmp_path)
    mounts = root_filesystem.environment_mounts(environment)
    assert Mount(str(environment), str(environment), read_only=True) in mounts
    assert len(mounts) == 3
    assert all(mount.read_only and mount.source == mount.target for mount in mounts)


def test_interpreter_of_the_machine_needs_no_mount(tmp_path: Path) -> None:
    """A Python in /usr is there anyway."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to("/usr/bin/python3")
    assert [mount.target for mount in root_filesystem.environment_mounts(tmp_path)] == [str(tmp_path)]


def test_outer_mounts_come_before_inner_ones() -> None:
    """Outer mounts come before inner ones, and of two for one place the later wins."""
    mounts = [Mount("a", "/x/y"), Mount("b", "/x"), Mount("c", "/x/y")]
    assert root_filesystem.in_order(mounts) == (Mount("b", "/x"), Mount("c", "/x/y"))


def test_machine_mounts_hide_users_of_the_machine(tmp_path: Path) -> None:
    """Of /etc a container sees chosen files and its own, of the machine's homes nothing."""
    targets = {mount.target for mount in root_filesystem.machine_mounts(str(tmp_path))}
    assert "/usr" in targets
    assert not targets & {"/home", "/root", "/etc", "/etc/shadow", "/var"}
    assert {
        mount.source for mount in root_filesystem.machine_mounts(str(tmp_path)) if mount.target == "/etc/passwd"
    } == {f"{tmp_path}/passwd"}


def test_a_container_has_little_of_this_machine_on_top_of_an_image(tmp_path: Path) -> None:
    """What a container engine gives it: the names of the network, and the kernel's view."""
    targets = {mount.target for mount in root_filesystem.image_mounts(str(tmp_path))}
    assert targets == {"/sys", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf"}


def _small_image(folder: Path) -> Path:
    """Make the files of an image: a shell with its libraries, and what a Dockerfile may have put there."""
    shell = Path("/bin/sh").resolve()
    said = subprocess.run(["ldd", shell], capture_output=True, text=True, check=True).stdout
    libraries = [word for word in said.split() if word.startswith("/")]
    for source, target in [(str(shell), "/bin/sh"), *((library, library) for library in libraries)]:
        place = folder / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)
    for name, text in {"etc/motto": "from the image", "opt/link": "a file where a link comes"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.rehearsal
def test_a_container_runs_on_the_files_of_a_built_image(yard: Yard, tmp_path: Path) -> None:
    """It sees nothing of this machine's; what it writes is gone with it, and the image stays as it was built."""
    image = _small_image(tmp_path / "root")
    script = (
        "read line < /etc/motto || :; echo $line; [ -e /usr/bin/python3 ] || echo alone; echo $DIRECTION; "
        "read line < /opt/link || :; echo $line; echo changed > /etc/motto; echo new > /opt/new; "
        "read line < /etc/motto; echo $line"
    )
    emulator_session.add_image(
        yard.emulator,
        "example.org/built:1",
        root=image,
        variables={"PATH": "/bin", "DIRECTION": "west"},
        links={"/opt/link": "/etc/motto"},
    )
    definition = yard.bare_definition("built", "sh", "-c", script, image="example.org/built:1")
    assert yard.printed(definition) == ["from the image", "alone", "west", "from the image", "changed"]
    assert (image / "etc" / "motto").read_text() == "from the image"
    assert not (image / "opt" / "new").exists()
