"""What a container is before it becomes its command: makes namespaces, builds the root, takes the user, steps aside.

Gets a plan (see overlay.Plan) as JSON on standard input and the container's environment as its own, so that no secret
ever stands in an argument list. Imports the standard library alone.
"""

import ctypes
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MS_NOATIME, MS_NODIRATIME, MS_RELATIME = 1024, 2048, 1 << 21
MNT_DETACH = 2
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x4000000, 0x10000000, 0x20000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
"""What a pid 1 passes on; one that has no handler for a signal does not get it at all."""
KEPT_FLAGS = {
    os.ST_NOSUID: MS_NOSUID,
    os.ST_NODEV: MS_NODEV,
    os.ST_NOEXEC: MS_NOEXEC,
    os.ST_NOATIME: MS_NOATIME,
    os.ST_NODIRATIME: MS_NODIRATIME,
    os.ST_RELATIME: MS_RELATIME,
}
"""Flags a user namespace may not drop when it makes a mount read-only."""
OLD_ROOT = "/.machine"

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Stay outside as the one who waits; inside, do the plan and become the command."""
    plan = json.loads(sys.stdin.read())
    if plan["network"]:
        _check(_libc.setns(os.open(plan["network"], os.O_RDONLY), CLONE_NEWNET), "setns")
    _check(_libc.unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID), "unshare")
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)  # one that comes before the command waits for it
    inside = os.fork()
    if inside:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        os._exit(_await(inside))
    _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")
    _build_root(plan)
    os.makedirs(plan["working_directory"], exist_ok=True)  # noqa: PTH103
    os.chdir(plan["working_directory"])
    socket.sethostname(plan["host_name"])
    _become(plan["user"], plan["group"])
    if plan["init"]:
        _stand_before(plan["command"])
    _run(plan["command"])


def _stand_before(command: list[str]) -> None:
    """Be the init process of a container: the command is a child, hears what is sent here, and its end is the end."""
    child = os.fork()
    if not child:
        _run(command)
    for number in FORWARDED:
        signal.signal(number, lambda sent, _: os.kill(child, sent))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    os._exit(_await(child))


def _await(child: int) -> int:
    """The exit code of a child as Docker reports it; whoever else ends on the way is only reaped."""
    ended = 0
    while ended != child:
        ended, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _build_root(plan: dict[str, Any]) -> None:
    root = plan["root"]
    _mount("none", "/", "", MS_REC | MS_PRIVATE)
    _mount("tmpfs", root, "tmpfs", 0, "mode=755")
    for path in plan["fresh"]:
        os.makedirs(root + path, exist_ok=True)  # noqa: PTH103  plain strings: the new root is not this root yet
    for name, target in plan["links"]:
        os.makedirs(os.path.dirname(root + name), exist_ok=True)  # noqa: PTH103, PTH120
        os.symlink(target, root + name)  # noqa: PTH211
    for mount in plan["mounts"]:
        _bind(mount["source"], root + mount["target"], read_only=mount["read_only"])
    _devices(root, plan["devices"])
    os.mkdir(root + "/proc")  # noqa: PTH102
    _mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _enter(root)


def _bind(source: str, target: str, *, read_only: bool) -> None:
    if Path(source).is_dir():
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        Path(target).touch()
    _mount(source, target, "", MS_BIND | MS_REC)
    if read_only:
        present = os.statvfs(target).f_flag
        kept = sum(flag for seen, flag in KEPT_FLAGS.items() if present & seen)
        _mount("none", target, "", MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def _devices(root: str, names: list[str]) -> None:
    for name in names:
        _bind(f"/dev/{name}", f"{root}/dev/{name}", read_only=False)
    os.makedirs(root + "/dev/shm", exist_ok=True)  # noqa: PTH103, S108
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, f"{root}/dev/{name}")  # noqa: PTH211


def _enter(root: str) -> None:
    """Make the new root the root, and let go of the machine's."""
    os.mkdir(root + OLD_ROOT)  # noqa: PTH102
    _check(_libc.pivot_root(root.encode(), (root + OLD_ROOT).encode()), "pivot_root")
    os.chdir("/")
    _check(_libc.umount2(OLD_ROOT.encode(), MNT_DETACH), "umount")
    os.rmdir(OLD_ROOT)  # noqa: PTH106


def _become(user: int, group: int) -> None:
    """Turn the only user there is into the image's user, by a user namespace of its own."""
    outer_user, outer_group = os.geteuid(), os.getegid()
    _check(_libc.unshare(CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"{user} {outer_user} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"{group} {outer_group} 1", encoding="utf-8")


def _run(command: list[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"exec {command[0]}: {error.strerror}\n")
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    words: list[Any] = [word.encode() or None for word in (source, target, kind)]
    _check(_libc.mount(*words, ctypes.c_ulong(flags), data.encode() or None), f"mount {source} on {target}")


def _check(result: int, what: str) -> None:
    if result:
        raise OSError(ctypes.get_errno(), what)


if __name__ == "__main__":
    main()
