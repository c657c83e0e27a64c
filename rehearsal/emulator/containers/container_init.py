"""The first process of a container: makes namespaces, builds the root, becomes the user, then becomes the command.

Reads a process spec (root_filesystem.ProcessSpec) as JSON from standard input and has the container's environment as
its own, so that no argument list holds a secret. Imports the standard library alone.
"""
# ruff: noqa: PTH102, PTH103, PTH106, PTH108, PTH120, PTH211  plain strings: the new root is not this root yet

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
"""Signals that pid 1 passes on; a pid 1 without a handler for a signal never gets it."""
KEPT_FLAGS = {
    os.ST_NOSUID: MS_NOSUID,
    os.ST_NODEV: MS_NODEV,
    os.ST_NOEXEC: MS_NOEXEC,
    os.ST_NOATIME: MS_NOATIME,
    os.ST_NODIRATIME: MS_NODIRATIME,
    os.ST_RELATIME: MS_RELATIME,
}
"""Flags that a user namespace must keep when it makes a mount read-only."""
OLD_ROOT = "/.machine"

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Outside, wait for the end; inside, set up what the spec says and become the command."""
    spec = json.loads(sys.stdin.read())
    if spec["network"]:
        _check(_libc.setns(os.open(spec["network"], os.O_RDONLY), CLONE_NEWNET), "setns")
    _check(_libc.unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID), "unshare")
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)  # a signal that arrives early waits for the command
    inside = os.fork()
    if inside:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        os._exit(_await(inside))
    _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")
    _build_root(spec)
    os.makedirs(spec["working_directory"], exist_ok=True)
    os.chdir(spec["working_directory"])
    socket.sethostname(spec["host_name"])
    _become(spec["user"], spec["group"])
    if spec["init_process"]:
        _be_init(spec["command"])
    _run(spec["command"])


def _be_init(command: list[str]) -> None:
    """Be the init process of a container: run the command as a child, pass signals on, and end when it ends."""
    child = os.fork()
    if not child:
        _run(command)
    for number in FORWARDED:
        signal.signal(number, lambda sent, _: os.kill(child, sent))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    os._exit(_await(child))


def _await(child: int) -> int:
    """Return the exit code of a child as Docker reports it; only reap other children that end meanwhile."""
    ended = 0
    while ended != child:
        ended, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _build_root(spec: dict[str, Any]) -> None:
    root = spec["root"]
    _mount("none", "/", "", MS_REC | MS_PRIVATE)
    _mount("tmpfs", root, "tmpfs", 0, "mode=755")
    if spec["image"]:
        root = _layer(root, spec["image"])
    for path in spec["fresh"]:
        os.makedirs(root + path, exist_ok=True)
    for name, target in spec["links"]:
        _link(target, root + name)
    for mount in spec["mounts"]:
        _bind(mount["source"], root + mount["target"], read_only=mount["read_only"])
    _devices(root, spec["devices"])
    os.makedirs(root + "/proc", exist_ok=True)
    _mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _enter(root)


def _layer(folder: str, image: str) -> str:
    """Mount the files of an image below a layer that is this container's own; return where."""
    for name in ("written", "work", "root"):
        os.mkdir(f"{folder}/{name}")
    below = image.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,")
    # userxattr: a user namespace may not write the attributes that overlayfs uses by default.
    layers = f"lowerdir={below},upperdir={folder}/written,workdir={folder}/work,userxattr"
    _mount("overlay", f"{folder}/root", "overlay", 0, layers)
    return f"{folder}/root"


def _link(target: str, name: str) -> None:
    """Make a symbolic link, in the place of a file or link that an image has there."""
    os.makedirs(os.path.dirname(name), exist_ok=True)
    if os.path.lexists(name):
        os.unlink(name)
    os.symlink(target, name)


def _bind(source: str, target: str, *, read_only: bool) -> None:
    if Path(source).is_dir():
        os.makedirs(target, exist_ok=True)
    elif not Path(target).exists():  # what is there may be read-only
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    _mount(source, target, "", MS_BIND | MS_REC)
    if read_only:
        present = os.statvfs(target).f_flag
        kept = sum(flag for seen, flag in KEPT_FLAGS.items() if present & seen)
        _mount("none", target, "", MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def _devices(root: str, names: list[str]) -> None:
    for name in names:
        _bind(f"/dev/{name}", f"{root}/dev/{name}", read_only=False)
    os.makedirs(root + "/dev/shm", exist_ok=True)  # noqa: S108  a container's own
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, f"{root}/dev/{name}")


def _enter(root: str) -> None:
    """Make the new root the root, and detach the machine's."""
    os.mkdir(root + OLD_ROOT)
    _check(_libc.pivot_root(root.encode(), (root + OLD_ROOT).encode()), "pivot_root")
    os.chdir("/")
    _check(_libc.umount2(OLD_ROOT.encode(), MNT_DETACH), "umount")
    os.rmdir(OLD_ROOT)


def _become(user: int, group: int) -> None:
    """Map the only user there is to the image's user, in a user namespace of its own."""
    outer_user, outer_group = os.geteuid(), os.getegid()
    _check(_libc.unshare(CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"{user} {outer_user} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"{group} {outer_group} 1", encoding="utf-8")


def _run(command: list[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    try:
        os.execvp(command[0], command)  # noqa: S606  the command replaces this process, without a shell
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
