"""The names of the emulator: one hosts file, rewritten in place because containers have it bind-mounted."""

import threading
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from rehearsal.emulator.networking.network import NETWORK

Entries = Sequence[tuple[str, str]]
"""Address and its names, separated by blanks."""


class HostsFile:
    """The entries of each owner; putting new ones replaces the earlier ones of the same owner."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._entries: dict[str, tuple[tuple[str, str], ...]] = {}
        self._lock = threading.Lock()
        file.write_text(render({}), encoding="utf-8")

    def put(self, owner: str, entries: Entries) -> None:
        """Replace the entries of an owner; no entries remove them."""
        with self._lock:
            if self._entries.get(owner, ()) == tuple(entries):
                return
            self._entries[owner] = tuple(entries)
            with self.file.open("r+", encoding="utf-8") as file:
                file.write(render(self._entries))
                file.truncate()

    def address(self, name: str) -> str | None:
        """Return the address of a name, or None when it is unknown; an address of the emulator is its own name."""
        if is_in_network(name):
            return name
        with self._lock:
            every = [entry for entries in self._entries.values() for entry in entries]
        return next((address for address, names in every if name in names.split()), None)


def is_in_network(name: str) -> bool:
    """Whether a text is an address in the emulator's network."""
    try:
        return ip_address(name) in NETWORK
    except ValueError:
        return False


def render(entries: Mapping[str, Entries]) -> str:
    """Render the text of the hosts file."""
    lines = [f"{address} {names}\n" for own in entries.values() for address, names in own]
    return "".join(["127.0.0.1 localhost\n", *lines])


def host_name(address: str, region: str) -> str:
    """Return the host name of a Fargate task: the private DNS name of its network interface."""
    return f"{_short(address)}.{region}.compute.internal"


def task_names(address: str, region: str) -> str:
    """All names of a task's address; a task must be able to resolve its own host name."""
    return f"{host_name(address, region)} {_short(address)}"


def _short(address: str) -> str:
    return "ip-" + address.replace(".", "-")


def service_names(running: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Hosts entries for Cloud Map names, from (name, address) of running tasks, in a stable order."""
    return tuple((address, name) for name, address in sorted(set(running)))
