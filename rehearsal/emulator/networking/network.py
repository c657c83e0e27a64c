"""The private network of the emulator: a bridge with the link-local address of Fargate, and one network per task."""

import ipaddress
import itertools
import os
import subprocess
import threading
import time
from pathlib import Path

BRIDGE = "bed0"
BRIDGE_MAC = "02:00:0a:4d:00:01"
"""Fixed: a bridge otherwise takes its lowest port's, and a task that leaves black-holes the others for a minute."""
NETWORK = ipaddress.ip_network("10.77.0.0/16")
GATEWAY = "10.77.0.1"
CREDENTIALS_ADDRESS = "169.254.170.2"
POOL = ipaddress.ip_network("10.77.64.0/18")

_addresses = (str(address) for address in itertools.cycle(POOL.hosts()))
_numbers = itertools.count(1)
_lock = threading.Lock()


def new_address() -> str:
    """The next address of the emulator, for a task, a database or a load balancer."""
    with _lock:
        return next(_addresses)


def raise_bridge() -> None:
    """Build the network of the emulator; call once, inside its private network namespace."""
    _ip(
        "link set lo up",
        f"link add {BRIDGE} address {BRIDGE_MAC} type bridge",
        f"address add {GATEWAY}/{NETWORK.prefixlen} dev {BRIDGE}",
        f"address add {CREDENTIALS_ADDRESS}/32 dev {BRIDGE}",
        f"link set {BRIDGE} up",
    )


def add_address() -> str:
    """Give the emulator itself one more address, for a front that listens there."""
    address = new_address()
    _ip(f"address add {address}/32 dev {BRIDGE}")
    return address


def drop_address(address: str) -> None:
    """Take such an address back."""
    _ip(f"address delete {address}/32 dev {BRIDGE}")


class TaskNetwork:
    """A network namespace with one address, held open by a sleeping process as long as the task lives."""

    def __init__(self) -> None:
        self.address = new_address()
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        self.namespace = f"/proc/{self._holder.pid}/ns/net"
        self._await_namespace()
        with _lock:
            name = f"task{next(_numbers)}"
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
        """End the namespace; the kernel takes the cable with it."""
        self._holder.kill()
        self._holder.wait()

    def _await_namespace(self) -> None:
        ours = Path("/proc/self/ns/net").readlink()
        deadline = time.monotonic() + 5
        while Path(self.namespace).readlink() == ours:
            if time.monotonic() > deadline:
                raise RuntimeError("the network namespace of a task did not come up in 5 s")
            os.sched_yield()


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
