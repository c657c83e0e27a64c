"""Finds the files of a home that may be uploaded, and says of every other one why it may not."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MEBIBYTE = 2**20
FILE_LIMIT = 100 * MEBIBYTE
TOTAL_LIMIT = 500 * MEBIBYTE
"""The code is read into memory."""

NAME_LIMIT = 1000
"""In bytes; a key of S3 has 1,024, and the folder in the bucket takes its part."""

_WANTED_DOTFILES = frozenset({".airflowignore"})
_LEFTOVERS = (".bak", ".orig", ".pyc", ".pyo", ".rej", ".swo", ".swp", ".tmp", "~")
_KEY_FILES = (".pem", ".key")
_PRIVATE_KEY = b"PRIVATE KEY-----"
_SECRETS = frozenset({"credentials", "credentials.json", "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa"})
_SECRET_FILES = (".env", ".kdbx", ".p12", ".pfx")


@dataclass
class CodeFiles:
    """What was found in a home: the paths of its code, and a sentence on each thing that must not be uploaded."""

    home: Path
    paths: list[Path] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def find_code(home: Path, folders: Iterable[str], files: Iterable[str]) -> CodeFiles:
    """Look at every file below these folders of `home`, and at these files; caches, dotfiles and leftovers are no code.

    A link is followed to a file or folder that belongs to the same checkout; a linked folder may not link to others.
    """
    found = CodeFiles(home)
    for name in folders:
        _look_at_folder(found, home / name)
    for name in files:
        _look_at_file(found, home / name)
    if sum(path.stat().st_size for path in found.paths) > TOTAL_LIMIT:
        found.refused.append(f"{home}: all files together are larger than {TOTAL_LIMIT // MEBIBYTE} MiB")
    return found


def unfit_files(folder: Path, left_out: Callable[[str], bool]) -> Iterator[str]:
    """Say of each file of an image's folder why it must not get into an image; `left_out` knows what a build ignores.

    A builder follows no link out of the folder, but the name of the image counts what a link leads to.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if left_out(name) or (path.is_dir() and not path.is_symlink()):
            continue
        reason = _unfit_name(name) or _leaves(folder, path)
        if reason := reason or ("" if path.is_dir() else _unfit_content(path)):
            yield f"{path if name.isprintable() else ascii(str(path))}: {reason}"


def _look_at_folder(found: CodeFiles, folder: Path, *, in_link: bool = False) -> None:
    if not folder.is_dir():
        return
    if (folder / "pyvenv.cfg").exists():
        _refuse(found, folder, "it is a virtual environment; packages belong into the image")
        return
    if folder.is_symlink() and (reason := "a linked folder links to it" if in_link else _leaves(found.home, folder)):
        _refuse(found, folder, reason)
        return
    in_link |= folder.is_symlink()
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name != "__pycache__" and not path.name.startswith("."):
                _look_at_folder(found, path, in_link=in_link)
        elif _is_code(path.name):
            _look_at_file(found, path)


def _look_at_file(found: CodeFiles, file: Path) -> None:
    reason = _unfit_name(file.relative_to(found.home).as_posix()) or _leaves(found.home, file) or _unfit_content(file)
    if reason:
        _refuse(found, file, reason)
    else:
        found.paths.append(file)


def _refuse(found: CodeFiles, path: Path, reason: str) -> None:
    name = str(path)
    found.refused.append(f"{name if name.isprintable() else ascii(name)}: {reason}")


def _is_code(name: str) -> bool:
    return not why_no_code(name)


def why_no_code(name: str) -> str:
    """Say why a file or folder of this name is never uploaded; empty for code."""
    if name in _WANTED_DOTFILES:
        return ""
    if name.startswith("."):
        return "hidden files stay here"
    return "an editor or a tool left it behind" if name.startswith("#") or name.endswith(_LEFTOVERS) else ""


def _unfit_name(name: str) -> str:
    if not name.isprintable():
        return "its name has characters that cannot be printed"
    if len(name.encode()) > NAME_LIMIT:
        return f"its name is longer than {NAME_LIMIT} bytes"
    return ""


def _leaves(home: Path, path: Path) -> str:
    """Say why a path may not be followed: it ends outside the checkout, or at a hidden file such as `.git/config`."""
    end, real_home = Path(os.path.realpath(path)), Path(os.path.realpath(home))
    if not end.exists():
        return "it is a link to nothing"
    if end.is_relative_to(real_home):
        return ""
    checkout = _checkout(home)
    if not end.is_relative_to(checkout):
        return f"it is a link to {end}, outside of {checkout}"
    hidden = any(part.startswith(".") for part in end.relative_to(checkout).parts)
    return f"it is a link to {end}, which is hidden" if hidden else ""


def _checkout(home: Path) -> Path:
    """Return the git checkout around a home, or without one the home itself."""
    around = Path(os.path.abspath(home))  # noqa: PTH100  # absolute() leaves `..` in
    return Path(os.path.realpath(next((place for place in around.parents if (place / ".git").exists()), home)))


def _unfit_content(file: Path) -> str:
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    if status.st_size > FILE_LIMIT:
        return f"it is larger than {FILE_LIMIT // MEBIBYTE} MiB"
    names = (file.name.lower(), file.resolve().name.lower())
    if any(name in _SECRETS or name.endswith(_SECRET_FILES) for name in names):
        return "it looks like a secret"
    if file.name.lower().endswith(_KEY_FILES) and _PRIVATE_KEY in file.read_bytes():
        return "it holds a private key"
    return ""
