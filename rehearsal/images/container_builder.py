"""Runs buildah or podman to build images, in an image store of its own below the cache."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure

PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "buildah": ("inspect", "--type", "image"),
    "podman": ("image", "inspect"),
}
"""What builds, and how each tells what an image's configuration says; the first one on PATH is taken."""

BOOTSTRAP = "mmdebstrap"
"""Makes the Debian that the base image begins with."""

QUOTED_LINES = 30
UMASK = 0o022


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What an image says of its processes."""

    variables: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    working_directory: str = "/"
    entrypoint: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Build:
    """What an image is built from.

    `stands_for` maps references of images to local ones, which a FROM then takes instead. `secrets` are options that
    name secrets, `variables` hold their values.
    """

    context: Path
    dockerfile: Path | None = None
    arguments: Sequence[str] = ()
    stands_for: Mapping[str, str] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Builder:
    """A program that builds images, and where it keeps them."""

    program: str
    store: Path

    def build(self, reference: str, build: Build) -> None:
        """Build an image under a name. Raises `RehearsalFailure` with the last lines of what the program said."""
        options = [word for argument in build.arguments for word in ("--build-arg", argument)]
        for name, local in build.stands_for.items():
            options += ["--build-context", f"{name}=container-image://{local}"]
        options += ["--file", str(build.dockerfile)] if build.dockerfile else []
        self._build(*options, *build.secrets, "--tag", reference, str(build.context), variables=build.variables)

    def has(self, reference: str) -> bool:
        """Whether the store has an image."""
        return self._run(*PROGRAMS[Path(self.program).name], reference).returncode == 0

    def remove(self, reference: str) -> None:
        """Remove an image; what other images need of it stays."""
        self._run("rmi", "--force", reference)

    def configuration(self, reference: str) -> Configuration:
        """Return what an image says of its processes."""
        told = json.loads(self._run(*PROGRAMS[Path(self.program).name], reference).stdout)
        config = told[0]["Config"] if isinstance(told, list) else told["OCIv1"]["config"]
        return Configuration(
            variables=dict(each.partition("=")[::2] for each in config.get("Env") or ()),
            user=config.get("User") or "",
            working_directory=config.get("WorkingDir") or "/",
            entrypoint=tuple(config.get("Entrypoint") or ()),
        )

    def export(self, reference: str, folder: Path) -> None:
        """Unpack the files of an image into a new folder; all of them are this user's."""
        with tempfile.TemporaryDirectory(dir=folder.parent) as place:
            archive, dockerfile = Path(place, "files.tar"), Path(place, "Dockerfile")
            dockerfile.write_text(f"FROM {reference}\n", encoding="utf-8")
            self._build("--output", f"type=tar,dest={archive}", place)
            folder.mkdir()
            unpack = ("tar", "--extract", "--no-same-owner", "--preserve-permissions", "--exclude=dev/*")
            _checked(_run(*unpack, f"--file={archive}", f"--directory={folder}"), "tar")
        _take_privileges(folder)

    def _build(self, *words: str, variables: Mapping[str, str] | None = None) -> None:
        # chroot: a command of the Dockerfile needs neither cgroups nor a further container runtime.
        done = self._run("build", "--isolation", "chroot", "--layers=false", *words, variables=variables)
        _checked(done, Path(self.program).name)

    def _run(self, *words: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        self.store.mkdir(parents=True, exist_ok=True)
        own = ("--root", str(self.store / "images"), "--runroot", str(self.store / "run"))
        return _run(self.program, *own, *words, variables=variables)


def find_builder(store: Path, search_path: str | None = None) -> Builder | None:
    """Return what builds images on this machine, or None: it takes one of the programs, and Debian's bootstrap."""
    found = (shutil.which(name, path=search_path) for name in PROGRAMS)
    program = next(filter(None, found), None)
    return Builder(program, store) if program and shutil.which(BOOTSTRAP, path=search_path) else None


def _run(*command: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(variables or {})},
        umask=UMASK,
    )


def _checked(done: subprocess.CompletedProcess[str], name: str) -> None:
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise RehearsalFailure(
            "The image could not be built for the rehearsal.",
            f"{name} said:\n" + "\n".join(said[-QUOTED_LINES:]),
            "Correct the Dockerfile, or what it needs, and run again.",
        )


def _take_privileges(folder: Path) -> None:
    """Take away what would let other users of this machine become this one."""
    for path in folder.rglob("*"):
        if not path.is_symlink() and path.is_file() and path.stat().st_mode & 0o6000:
            path.chmod(path.stat().st_mode & 0o1777)
