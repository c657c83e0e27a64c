"""What a container's file system is made of; decided here, mounted by container_init."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOST_DIRECTORIES = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/sys")
HOST_CONFIGURATION = (
    "alternatives",
    "ca-certificates",
    "crypto-policies",
    "fonts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "pki",
    "profile",
    "protocols",
    "services",
    "ssl",
    "timezone",
)
"""Names in /etc that a program may need and that tell nothing about this machine's users."""
NETWORK_CONFIGURATION = ("hosts", "host.conf", "resolv.conf")
"""What is written into the files of every image, so that it finds what the emulator names."""
OWN_CONFIGURATION = ("passwd", "group", "nsswitch.conf", *NETWORK_CONFIGURATION)
FRESH = ("/tmp", "/var/tmp", "/run", "/opt", "/home/airflow", "/root", "/mnt", "/srv", "/etc")  # noqa: S108  in a container
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


@dataclass(frozen=True)
class Mount:
    """One bind mount."""

    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True, kw_only=True)
class ProcessSpec:
    """Everything that container_init needs to set up before it becomes the command."""

    root: str
    mounts: tuple[Mount, ...]
    command: tuple[str, ...]
    user: int
    group: int
    host_name: str
    init_process: bool = False
    """Whether an init process runs the command as its child (`initProcessEnabled`)."""
    network: str = ""
    """The network namespace, as a file; empty for the emulator's own."""
    working_directory: str = "/"
    fresh: tuple[str, ...] = FRESH
    devices: tuple[str, ...] = DEVICES
    image: str = ""
    """The files of a built image, on which the process writes nothing; empty where it has those of this machine."""
    links: tuple[tuple[str, str], ...] = field(default=())


def write_configuration(directory: Path) -> None:
    """Write the files of /etc that all containers share; without a name server unknown names fail at once.

    A name has every address that the hosts file gives it, as with a name server.
    """
    directory.mkdir(parents=True, exist_ok=True)
    texts = {
        "passwd": "root:x:0:0:root:/root:/bin/sh\nairflow:x:50000:0::/home/airflow:/bin/bash\n"
        "database:x:999:999::/home/airflow:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n",
        "group": "root:x:0:\nairflow:x:50000:\ndatabase:x:999:\nnogroup:x:65534:\n",
        "host.conf": "multi on\n",
        "resolv.conf": "options timeout:1 attempts:1\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
        (directory / name).chmod(0o644)


def machine_mounts(configuration: str) -> tuple[Mount, ...]:
    """Mount what every container sees of this machine, read-only; `configuration` holds its own /etc files."""
    directories = [Mount(path, path, read_only=True) for path in HOST_DIRECTORIES if _is_real_directory(path)]
    shared = [f"/etc/{name}" for name in HOST_CONFIGURATION]
    etc = [Mount(path, path, read_only=True) for path in shared if Path(path).exists()]
    own = [Mount(f"{configuration}/{name}", f"/etc/{name}", read_only=True) for name in OWN_CONFIGURATION]
    return (*directories, *etc, *own)


def image_mounts(configuration: str) -> tuple[Mount, ...]:
    """Mount what a container with the files of a built image has of this machine: names and the kernel's view."""
    own = [Mount(f"{configuration}/{name}", f"/etc/{name}", read_only=True) for name in NETWORK_CONFIGURATION]
    return (Mount("/sys", "/sys", read_only=True), *own)


def machine_links() -> tuple[tuple[str, str], ...]:
    """Top-level links such as /bin -> usr/bin, which the new root needs too."""
    links = [(path, str(Path(path).readlink())) for path in HOST_DIRECTORIES if Path(path).is_symlink()]
    return (*links, ("/var/run", "/run"))


def environment_mounts(environment: Path) -> tuple[Mount, ...]:
    """Mount a virtualenv and every interpreter that it uses, at their own paths, read-only."""
    roots = _outermost([environment, *interpreter_roots(environment)])
    return tuple(Mount(str(path), str(path), read_only=True) for path in roots if not _is_machine(path))


def interpreter_roots(environment: Path) -> tuple[Path, ...]:
    """Return the installations of a virtualenv's Python: the home in pyvenv.cfg, and each hop of the link."""
    hops = [environment / "bin" / "python"]
    while hops[-1].is_symlink():
        target = hops[-1].parent / hops[-1].readlink()
        hops.append(Path(os.path.normpath(target)))
    homes = [hop.parent for hop in hops[1:] if hop.parent != environment / "bin"]
    configuration = environment / "pyvenv.cfg"
    if configuration.exists():
        pairs = (line.partition("=") for line in configuration.read_text(encoding="utf-8").splitlines())
        homes += [Path(value.strip()) for key, _, value in pairs if key.strip() == "home"]
    every = [path for home in homes for path in (home.parent, home.resolve().parent)]
    return tuple(dict.fromkeys(every))


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Return the paths that lie in none of the others."""
    unique = list(dict.fromkeys(paths))
    return [path for path in unique if not any(other in path.parents for other in unique)]


def _is_machine(path: Path) -> bool:
    return path == Path("/") or any(path.is_relative_to(directory) for directory in HOST_DIRECTORIES)


def _is_real_directory(path: str) -> bool:
    return Path(path).is_dir() and not Path(path).is_symlink()


def in_order(mounts: Sequence[Mount]) -> tuple[Mount, ...]:
    """Outer targets before inner ones; of two on the same target the later wins."""
    latest = {mount.target: mount for mount in mounts}
    return tuple(latest[target] for target in sorted(latest))
