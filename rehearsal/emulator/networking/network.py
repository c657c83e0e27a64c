"""The private network of the emulator: one network per task, and routes through the emulator's own between them."""

import ipaddress
import itertools
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

NETWORK = ipaddress.ip_network("10.77.0.0/16")
GATEWAY = "10.77.0.1"
CREDENTIALS_ADDRESS = "169.254.170.2"
POOL = ipaddress.ip_network("10.77.64.0/18")
NAMESPACE_SECONDS = 5
DEVICE = "task"
"""How the names of the emulator's network devices begin: one for each task."""
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


class TaskNetwork:
    """A network namespace with one address; a sleeping process holds it open as long as the task lives.

    Its only neighbour is the emulator, so all that it sends passes the packet filter there.
    """

    def __init__(self, address: str, name: str, on_close: Callable[[], None]) -> None:
        self.address = address
        self._on_close = on_close
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        self.namespace = f"/proc/{self._holder.pid}/ns/net"
        self._await_namespace()
        _ip(
            f"link add {name} type veth peer name eth0 netns {self._holder.pid}",
            f"link set {name} up",
            f"route add {self.address}/32 dev {name}",
        )
        _ip(
            "link set lo up",
            f"address add {self.address}/32 dev eth0",
            "link set eth0 up",
            f"route add {GATEWAY}/32 dev eth0",
            f"route add default via {GATEWAY}",
            namespace=self.namespace,
        )

    def close(self) -> None:
        """End the namespace; the kernel removes its network devices."""
        self._holder.kill()
        self._holder.wait()
        self._on_close()

    def _await_namespace(self) -> None:
        ours = Path("/proc/self/ns/net").readlink()
        deadline = time.monotonic() + NAMESPACE_SECONDS
        while Path(self.namespace).readlink() == ours:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the network namespace of a task did not come up in {NAMESPACE_SECONDS} s")
            os.sched_yield()


class Network:
    """The addresses of the emulator, and what each belongs to."""

    def __init__(self) -> None:
        self._addresses = (str(address) for address in itertools.cycle(POOL.hosts()))
        self._numbers = itertools.count(1)
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    def create(self) -> None:
        """Take the emulator's own addresses and forward packets; call once, inside its own network namespace."""
        _ip(
            "link set lo up",
            f"address add {GATEWAY}/32 dev lo",
            f"address add {CREDENTIALS_ADDRESS}/32 dev lo",
        )
        FORWARDING.write_text("1", encoding="ascii")

    def owners(self) -> Mapping[str, str]:
        """Return the owner of each address, such as `task 3f2a`."""
        with self._lock:
            return dict(self._owners)

    def new_address(self, owner: str) -> str:
        """Take the next address, for a task, a database or a load balancer."""
        with self._lock:
            address = next(self._addresses)
            self._owners[address] = owner
        return address

    def add_address(self, owner: str, elsewhere: str = "") -> str:
        """Assign one more address to the emulator itself, for a proxy that listens there; one `elsewhere` as it is."""
        address = elsewhere or self.new_address(owner)
        _ip(f"address add {address}/32 dev lo")
        return address

    def remove_address(self, address: str) -> None:
        """Remove an address that `add_address` assigned."""
        _ip(f"address delete {address}/32 dev lo")
        self._forget(address)

    def join(self, owner: str) -> TaskNetwork:
        """Make the network of one more task."""
        with self._lock:
            name = f"{DEVICE}{next(self._numbers)}"
        address = self.new_address(owner)
        return TaskNetwork(address, name, lambda: self._forget(address))

    def _forget(self, address: str) -> None:
        with self._lock:
            self._owners.pop(address, None)


def _ip(*commands: str, namespace: str = "") -> None:
    enter = ["nsenter", f"--net={namespace}", "--"] if namespace else []
    result = subprocess.run(
        [*enter, "ip", "-batch", "-"],
        input="\n".join(commands) + "\n",
        check=False,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(f"ip: {result.stderr.strip()}")
