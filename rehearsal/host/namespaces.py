"""Whether and how this machine lets us make private Linux namespaces for the emulator."""

import os
import shutil
import subprocess
import sys

from rehearsal.host.errors import RehearsalFailure

TOOLS = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "ip": "iproute2",
    "nft": "nftables",
    "openssl": "openssl",
}
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PRIVATE = ("--mount", "--pid", "--net", "--fork", "--mount-proc", "--kill-child")
TRIAL = (
    "ip link add trial0 type veth peer name trial1 && nft add table inet trial && mount -t tmpfs trial /mnt"
    " && echo 1 > /proc/sys/net/ipv4/ip_forward"
)


def find_unshare_options() -> tuple[str, ...]:
    """Return the options of `unshare` that give this user a private set of namespaces.

    Raises:
        RehearsalFailure: not Linux, a tool is missing, or the kernel refuses.
    """
    if sys.platform != "linux":
        raise RehearsalFailure(
            "A rehearsal needs Linux: it builds its AWS from kernel namespaces.",
            f"This is {sys.platform}.",
            "Run it in a Linux virtual machine, or in CI.",
        )
    require_tools()
    candidates = ((), ("--map-root-user",)) if os.geteuid() == 0 else (("--map-root-user",),)
    complaint = ""
    for user in candidates:
        complaint = _try(user)
        if not complaint:
            return (*user, *PRIVATE)
    raise _refused(complaint)


def require_tools(path: str = SYSTEM_PATH) -> None:
    """Refuse a machine that lacks a program.

    Raises:
        RehearsalFailure: names the programs, and the packages that bring them.
    """
    missing = {tool: package for tool, package in TOOLS.items() if not shutil.which(tool, path=path)}
    if missing:
        packages = " ".join(sorted(set(missing.values())))
        raise RehearsalFailure(
            f"The rehearsal needs programs this machine does not have: {', '.join(missing)}.",
            "They build the private network, its packet filter and the processes of the rehearsal.",
            f"Install the packages that bring them, for example: sudo apt-get install {packages}",
        )


def _try(user: tuple[str, ...]) -> str:
    """Return why the kernel refuses namespaces with veth, packet filter and mount; empty when it allows them."""
    trial = subprocess.run(
        ["unshare", *user, *PRIVATE, "sh", "-c", TRIAL],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={"PATH": SYSTEM_PATH},
    )
    return "" if trial.returncode == 0 else trial.stderr.strip() or f"exit status {trial.returncode}"


def _refused(complaint: str) -> RehearsalFailure:
    return RehearsalFailure(
        "This machine does not allow private namespaces, which the rehearsal is built from.",
        f"The kernel says: {complaint}",
        "On Ubuntu 24.04 and later: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0. "
        "On older Debian: sudo sysctl -w kernel.unprivileged_userns_clone=1. "
        "In a Docker container: start it with --privileged. Or run the rehearsal as root.",
    )
