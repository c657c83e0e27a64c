"""The name server of the emulator: one hosts file, rewritten in place because containers have it bind-mounted."""

import threading
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from rehearsal.emulator.networking.network import NETWORK

Entries = Sequence[tuple[str, str]]
"""Address and the names it has, separated by blanks."""


class Names:
    """Who has which name, by the one who said so; each saying replaces the earlier one of the same speaker."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._said: dict[str, tuple[tuple[str, str], ...]] = {}
        self._lock = threading.Lock()
        file.write_text(render({}), encoding="utf-8")

    def say(self, speaker: str, entries: Entries) -> None:
        """Replace what this speaker said before; no entries means forget."""
        with self._lock:
            if self._said.get(speaker, ()) == tuple(entries):
                return
            self._said[speaker] = tuple(entries)
            with self.file.open("r+", encoding="utf-8") as file:
                file.write(render(self._said))
                file.truncate()

    def address(self, name: str) -> str | None:
        """The address of a name; None when nobody has it. An address of the emulator is a name of its own."""
        if is_of_the_bed(name):
            return name
        with self._lock:
            entries = [entry for said in self._said.values() for entry in said]
        return next((address for address, names in entries if name in names.split()), None)


def is_of_the_bed(name: str) -> bool:
    """Whether a text is an address in the emulator's network."""
    try:
        return ip_address(name) in NETWORK
    except ValueError:
        return False


def render(said: Mapping[str, Entries]) -> str:
    """The text of the hosts file."""
    lines = [f"{address} {names}\n" for entries in said.values() for address, names in entries]
    return "".join(["127.0.0.1 localhost\n", *lines])


def host_name(address: str, region: str) -> str:
    """The host name a Fargate task has for itself: the private DNS name of its network interface."""
    return f"{_short(address)}.{region}.compute.internal"


def task_names(address: str, region: str) -> str:
    """All names of a task's address; a task must be able to resolve its own host name."""
    return f"{host_name(address, region)} {_short(address)}"


def _short(address: str) -> str:
    return "ip-" + address.replace(".", "-")


def service_names(
    running: Sequence[tuple[str, str]],
) -> tuple[tuple[str, str], ...]:
    """Hosts entries for Cloud Map names, from (name, address) of running tasks, in a stable order."""
    return tuple((address, name) for name, address in sorted(set(running)))
