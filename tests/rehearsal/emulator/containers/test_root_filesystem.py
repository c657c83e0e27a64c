"""The promises of rehearsal/emulator/containers/root_filesystem.py."""

from pathlib import Path

from rehearsal.emulator.containers import root_filesystem
from rehearsal.emulator.containers.root_filesystem import Mount


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
