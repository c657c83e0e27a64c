"""Builds virtual environments from locked requirements, once per content, in a cache that several runs share."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.pythons import find_python

HASH_CHARACTERS = 12
QUOTED_LINES = 6
UV = (sys.executable, "-m", "uv", "--no-progress")
# All users who share the cache may run its programs, whatever the umask of the builder.
UMASK = 0o022


@dataclass(frozen=True)
class Source:
    """Requirements that are compiled on this machine; `variables` makes the build's variables, called only then."""

    requirements: Path
    variables: Callable[[], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Virtualenv:
    """The folder `<cache>/<name>-<hash of the inputs>` with what some files of requirements ask for.

    `named` are further files that the requirements name; local ones are relative to the folder of the first.
    """

    name: str
    python: str
    requirements: Sequence[Path]
    cache: Path
    constraints: Path | None = None
    sources: Sequence[Source] = ()
    named: Sequence[Path] = ()

    def build(self) -> Path:
        """Return it, built if it does not exist yet.

        A lock lets one builder work while others wait for its result. It gets its name only when it is complete, so
        nobody uses half of one; the next builder removes what a killed builder has left.
        """
        environment = self._folder
        if _works(environment):
            mark_used(environment)
            return environment
        with exclusive(environment.parent / f"{environment.name}.lock") as lock:
            if not _works(environment):
                shutil.rmtree(environment, ignore_errors=True)
                wanted = self._wanted
                pins = [f"--requirements={file}" for file in wanted]
                pins += [f"--constraints={self.constraints.absolute()}"] if self.constraints else []
                variables = {key: value for source in self.sources for key, value in source.variables().items()}
                _make(environment, self.python, pins, _Build(lock, wanted[0].parent, variables))
        return environment

    def find(self) -> Path | None:
        """Return it, or None where it is not built yet."""
        environment = self._folder
        return environment if _works(environment) else None

    @property
    def _wanted(self) -> list[Path]:
        return [file.absolute() for file in (*self.requirements, *(source.requirements for source in self.sources))]

    @property
    def _folder(self) -> Path:
        fingerprint = _fingerprint(self.python, [*self._wanted, *self.named], self.constraints)
        return self.cache.absolute() / f"{self.name}-{fingerprint}"


def _fingerprint(python: str, requirements: Sequence[Path], constraints: Path | None) -> str:
    inputs = hashlib.sha256(python.encode())
    for file in requirements:
        inputs.update(b"\0requirements\0" + _content(file))
    if constraints:
        inputs.update(b"\0constraints\0" + _content(constraints))
    return inputs.hexdigest()[:HASH_CHARACTERS]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RehearsalFailure(
            f"{file} cannot be read.",
            f"It says which packages to install: {error.strerror}.",
            "Put the file there or name another.",
        ) from error


def _works(environment: Path) -> bool:
    # The interpreter is a link to a Python that may have been uninstalled since.
    return (environment / "bin" / "python").exists()


def mark_used(folder: Path) -> None:
    """Note that something in the cache is used now; somebody else's in a shared cache stays unmarked."""
    with suppress(OSError):
        os.utime(folder)


@contextmanager
def exclusive(lock: Path) -> Iterator[int]:
    """Keep out everybody else with the same lock file; yield the file descriptor that holds the lock."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = lock.open("w", encoding="utf-8")
    except OSError as error:
        raise RehearsalFailure(
            f"The cache {lock.parent} cannot be written.", f"{error.strerror}.", "Free it or choose another folder."
        ) from error
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield held.fileno()


@dataclass(frozen=True)
class _Build:
    """How uv runs: it holds the lock, finds local files in a folder, and passes variables on to compilers."""

    lock: int
    folder: Path
    variables: Mapping[str, str]


def _make(environment: Path, python: str, pins: Sequence[str], how: _Build) -> None:
    interpreter = find_python(python)
    partial = environment.with_name(environment.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        # Relocatable: scripts find their interpreter beside them, so they run after the folder is renamed.
        _uv("venv", "--relocatable", "--python", str(interpreter), str(partial), name=environment.name, how=how)
        target = f"--python={partial / 'bin' / 'python'}"
        _uv("pip", "install", target, "--compile-bytecode", *pins, name=environment.name, how=how)
        partial.rename(environment)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def uv_variables() -> dict[str, str]:
    """Return this process's variables for uv, which would warn that the caller's own VIRTUAL_ENV is not its target."""
    return {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}


def said_by_uv(output: str, lines: int = QUOTED_LINES) -> str:
    """Return the last lines of what uv printed, which name the cause, for an error."""
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return "uv said: " + "\n".join(said[-lines:])


def _uv(*arguments: str, name: str, how: _Build) -> None:
    made = subprocess.run(
        [*UV, *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**uv_variables(), **how.variables},
        cwd=how.folder,
        umask=UMASK,
        # If this builder is killed, uv lives on for a moment; it holds the lock too and keeps the next builder out.
        pass_fds=(how.lock,),
    )
    if made.returncode:
        raise RehearsalFailure(
            f"The Python environment {name} could not be built.",
            said_by_uv(made.stderr),
            "If the package index did not answer, look at the network and the proxy and run again: "
            "what was downloaded is kept. If a requirement cannot be met, change it.",
        )
