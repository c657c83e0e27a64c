"""The promises of rehearsal/emulator/networking/hosts_file.py."""

from pathlib import Path

from rehearsal.emulator.networking.hosts_file import HostsFile, host_name, service_names, task_names


def test_new_entries_replace_those_of_the_same_owner(tmp_path: Path) -> None:
    """An owner's new entries replace the old ones, no entries remove them, others keep theirs."""
    hosts = HostsFile(tmp_path / "hosts")
    hosts.put("database", [("10.0.0.1", "db.example.org")])
    hosts.put("task", [("10.0.0.2", "a"), ("10.0.0.3", "b")])
    hosts.put("task", [("10.0.0.4", "c")])
    hosts.put("database", [])
    assert (tmp_path / "hosts").read_text(encoding="utf-8") == "127.0.0.1 localhost\n10.0.0.4 c\n"


def test_the_hosts_file_keeps_its_inode(tmp_path: Path) -> None:
    """The file is rewritten in place, for containers see it through a bind mount of its inode."""
    hosts = HostsFile(tmp_path / "hosts")
    before = (tmp_path / "hosts").stat().st_ino
    hosts.put("task", [("10.0.0.2", "a" * 5000)])
    hosts.put("task", [("10.0.0.2", "a")])
    assert (tmp_path / "hosts").stat().st_ino == before
    assert (tmp_path / "hosts").read_text(encoding="utf-8").endswith("10.0.0.2 a\n")


def test_a_task_has_the_names_that_fargate_gives() -> None:
    """A task is known by the name Fargate gives it, long and short."""
    assert host_name("10.77.64.3", "eu-west-1") == "ip-10-77-64-3.eu-west-1.compute.internal"
    assert task_names("10.77.64.3", "eu-west-1") == "ip-10-77-64-3.eu-west-1.compute.internal ip-10-77-64-3"


def test_service_names_are_stable() -> None:
    """Running tasks are listed once each, in an order that is always the same."""
    running = [("web.x", "10.0.0.9"), ("api.x", "10.0.0.2"), ("web.x", "10.0.0.9")]
    assert service_names(running) == (("10.0.0.2", "api.x"), ("10.0.0.9", "web.x"))


def test_an_address_is_its_own_name(tmp_path: Path) -> None:
    """Of the emulator's network, where tasks have no other name outside; nobody else's address is."""
    hosts = HostsFile(tmp_path / "hosts")
    hosts.put("database", [("10.77.64.1", "db.example.org")])
    assert hosts.address("db.example.org") == "10.77.64.1"
    assert hosts.address("10.77.64.9") == "10.77.64.9"
    assert hosts.address("127.0.0.1") is None
    assert hosts.address("8.8.8.8") is None
