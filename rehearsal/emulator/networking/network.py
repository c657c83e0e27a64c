"""The private network of the emulator: a bridge with the link-local address of Fargate, and one network per task."""

import ipaddress
import itertools
import os
import subprocess
import threading
import time
from pathlib import Path

BRIDGE = "emulator0"
BRIDGE_MAC = "02:00:0a:4d:00:01"
"""Fixed: a bridge otherwise takes its lowest port's address, and when that task ends, the others get no packets for a
minute."""
NETWORK = ipaddress.ip_network("10.77.0.0/16")
GATEWAY = "10.77.0.1"
CREDENTIALS_ADDRESS = "169.254.170.2"
POOL = ipaddress.ip_network("10.77.64.0/18")
NAMESPACE_SECONDS = 5


class TaskNetwork:
    """A network namespace with one address; a sleeping process holds it open as long as the task lives."""

    def __init__(self, address: str, name: str) -> None:
        self.address = address
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        self.namespace = f"/proc/{self._holder.pid}/ns/net"
        self._await_namespace()
        _ip(
            f"link add {name} type veth peer name eth0 netns {self._holder.pid}",
            f"link set {name} master {BRIDGE} up",
        )
        _ip(
            "link set lo up",
            f"address add {self.address}/{NETWORK.prefixlen} dev eth0",
            "link set eth0 up",
            f"route add {CREDENTIALS_ADDRESS}/32 dev eth0",
            namespace=self.namespace,
        )

    def close(self) -> None:
        """End the namespace; the kernel removes its network devices."""
        self._holder.kill()
        self._holder.wait()

    def _await_namespace(self) -> None:
        ours = Path("/proc/self/ns/net").readlink()
        deadline = time.monotonic() + NAMESPACE_SECONDS
        while Path(self.namespace).readlink() == ours:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the network namespace of a task did not come up in {NAMESPACE_SECONDS} s")
            os.sched_yield()


class Network:
    """The addresses of the emulator and who joins its bridge."""

    def __init__(self) -> None:
        self._addresses = (str(address) for address in itertools.cycle(POOL.hosts()))
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def create_bridge(self) -> None:
        """Build the bridge; call once, inside the emulator's own network namespace."""
        _ip(
            "link set lo up",
            f"link add {BRIDGE} address {BRIDGE_MAC} type bridge",
            f"address add {GATEWAY}/{NETWORK.prefixlen} dev {BRIDGE}",
            f"address add {CREDENTIALS_ADDRESS}/32 dev {BRIDGE}",
            f"link set {BRIDGE} up",
        )

    def new_address(self) -> str:
        """Take the next address, for a task, a database or a load balancer."""
        with self._lock:
            return next(self._addresses)

    def add_address(self) -> str:
        """Assign one more address to the emulator itself, for a proxy that listens there."""
        address = self.new_address()
        _ip(f"address add {address}/32 dev {BRIDGE}")
        return address

    def remove_address(self, address: str) -> None:
        """Remove an address that `add_address` assigned."""
        _ip(f"address delete {address}/32 dev {BRIDGE}")

    def join_task(self) -> TaskNetwork:
        """Make the network of one more task."""
        with self._lock:
            name = f"task{next(self._numbers)}"
        return TaskNetwork(self.new_address(), name)


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
