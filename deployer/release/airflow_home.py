"""Reads what runs on the cluster: which files of `airflow_home` are code, and whether Python can read them."""

import ast
import hashlib
import stat
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from compiler.contract import CODE_FOLDERS, INCLUDE, RELEASE_DIGITS, WEBSERVER_CONFIG
from deployer.release import airflowignore
from deployer.release.airflowignore import is_ignored
from deployer.release.code_files import find_code
from deployer.release.commit import commit_of
from spec.errors import Fault, Refusal
from spec.releases.table import IgnoreSyntax

DAGS = "dags"
FORMER_LOGIN = "windsock_login"
"""The module by which an earlier Windsock's webserver_config.py took over how people log in."""

_ONLY_DAGS_READ = (f"{DAGS}/", f"{INCLUDE}/")
_LOGIN_SETTINGS = ("AUTH_TYPE", "AUTH_USER_REGISTRATION", "AUTH_ROLES_", "OAUTH_PROVIDERS", "SECURITY_MANAGER_CLASS")
"""With these begin the settings that an identity provider of the environment YAML replaces."""


class CodeFile(NamedTuple):
    """One file: its path below `airflow_home` with forward slashes, its content, and whether it is a program."""

    path: str
    content: bytes
    executable: bool = False

    @property
    def key(self) -> str:
        """Where it lies in the code bucket: `include/` goes with `config/`, which is on Python's path everywhere."""
        return f"config/{self.path}" if self.path.startswith(f"{INCLUDE}/") else self.path

    @property
    def digest(self) -> str:
        """The hash of the content, and whether it is a program."""
        return f"{'x' if self.executable else ''}{hashlib.sha256(self.content).hexdigest()}"

    @property
    def md5(self) -> str:
        """What S3 calls the ETag of an object with this content."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


class Code(NamedTuple):
    """All code of an environment, sorted by path; `commit` is empty where it is no commit of git."""

    files: tuple[CodeFile, ...]
    commit: str = ""

    @property
    def version(self) -> str:
        """A hash over all of it."""
        return _hash(self.files)

    @property
    def release(self) -> str:
        """The name of a release of it."""
        return self.version[:RELEASE_DIGITS]

    @property
    def restart_version(self) -> str:
        """A hash over what Airflow reads only when it starts: all but the DAGs and what they include."""
        return _hash(file for file in self.files if not file.path.startswith(_ONLY_DAGS_READ))


class CodeRefusal(Refusal):
    """The code cannot be used."""

    exit_code = 2


def read_code(home: Path, ignore_syntax: IgnoreSyntax, python: str = "") -> Code:
    """Read `home` as `check_code` does, and ask git which commit it is."""
    return check_code(home, ignore_syntax, python)._replace(commit=commit_of(home))


def check_code(home: Path, ignore_syntax: IgnoreSyntax, python: str = "") -> Code:
    """Read `home`; caches, dotfiles and what editors leave behind are not code. All but `dags/` may be missing.

    `ignore_syntax` says how the patterns in a `.airflowignore` are meant, `python` for which Python the files are, such
    as 3.10, where newer syntax is a fault; without one it is that of this program. Raises `CodeRefusal` when there is
    no such folder, with everything that must not be uploaded, or with each Python file that has a syntax error.
    """
    if not (home / DAGS).is_dir():
        raise CodeRefusal(
            f"There is no folder {home / DAGS}.",
            next_step=f"Give the folder with {DAGS}/ as airflow.home; everything else in it may be missing.",
        )
    found = find_code(home, (*CODE_FOLDERS, INCLUDE), [WEBSERVER_CONFIG] if (home / WEBSERVER_CONFIG).exists() else [])
    if found.refused:
        raise CodeRefusal(
            f"{home} holds what cannot be code; nothing was uploaded.",
            why="\n".join(found.refused),
            next_step="Move it out of the folders that are uploaded, and copy what a link leads to; a secret belongs "
            "into Secrets Manager. If a name misleads, rename the file.",
        )
    read = (_read(home, path) for path in found.paths)
    # The sync task copies this file in any case; an empty one sets nothing.
    files = {WEBSERVER_CONFIG: CodeFile(WEBSERVER_CONFIG, b""), **{file.path: file for file in read}}
    code = Code(tuple(files[path] for path in sorted(files)))
    _refuse_two_places(home, code)
    _refuse_former_login(home, code)
    _refuse_faults(home, code, ignore_syntax, python)
    return code


def _read(home: Path, path: Path) -> CodeFile:
    executable = bool(path.stat().st_mode & stat.S_IXUSR)
    return CodeFile(path.relative_to(home).as_posix(), path.read_bytes(), executable)


def taken_over(settings: bytes) -> tuple[str, ...]:
    """Return the names in a webserver_config.py that say how people log in, in the order of the file."""
    try:
        tree = ast.parse(settings)
    except (SyntaxError, ValueError):
        return ()
    targets = (target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets)
    names = (target.id for target in targets if isinstance(target, ast.Name))
    return tuple(dict.fromkeys(name for name in names if name.startswith(_LOGIN_SETTINGS)))


def _refuse_two_places(home: Path, code: Code) -> None:
    keys = [file.key for file in code.files]
    if len(set(keys)) < len(keys):
        raise CodeRefusal(
            f"{home} has {INCLUDE}/ and config/{INCLUDE}/, which are one folder on the cluster; nothing was uploaded.",
            next_step=f"Move the files of config/{INCLUDE}/ to {INCLUDE}/.",
        )


def _refuse_former_login(home: Path, code: Code) -> None:
    files = {file.path: file.content for file in code.files}
    if FORMER_LOGIN.encode() in files[WEBSERVER_CONFIG] and f"config/{FORMER_LOGIN}.py" not in files:
        raise CodeRefusal(
            f"{home / WEBSERVER_CONFIG} imports {FORMER_LOGIN}, which is no file of {home / 'config'} any more.",
            why="Windsock lays the login of the environment YAML over this file by itself now.",
            next_step=f"Remove the line `from {FORMER_LOGIN} import *`.",
        )


def syntax_faults(home: Path, code: Code, python: str = "") -> Iterator[tuple[CodeFile, Fault]]:
    """Yield each Python file that the Python of this program cannot parse, or an older `python` could not."""
    for file in code.files:
        if not file.path.endswith(".py"):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a doubtful escape is the author's business, not a syntax error
                ast.parse(file.content, file.path, feature_version=_judge(python))
        except SyntaxError as error:
            text = (error.text or "").strip()
            line, column = error.lineno or 1, error.offset or 1
            place = str(home / file.path)
            yield file, Fault(file=place, line=line, column=column, text=text, message=error.msg, hint=text)
        except ValueError as error:
            yield file, Fault(file=str(home / file.path), line=1, column=1, message=str(error))


def _judge(python: str) -> tuple[int, int]:
    """Return the older one of the Python that runs the files and ours, which knows no newer syntax."""
    ours = sys.version_info[:2]
    if not python:
        return ours
    major, minor = map(int, python.split("."))
    return min(ours, (major, minor))


def _refuse_faults(home: Path, code: Code, ignore_syntax: IgnoreSyntax, python: str) -> None:
    ignores = {file.path: file.content for file in code.files if file.path.endswith(airflowignore.NAME)}
    faults = tuple(
        fault
        for file, fault in syntax_faults(home, code, python)
        if not file.path.startswith(f"{DAGS}/") or not is_ignored(file.path, DAGS, ignores, ignore_syntax)
    )
    if not faults:
        return
    judge = ".".join(map(str, _judge(python)))
    count = "1 file" if len(faults) == 1 else f"{len(faults)} files"
    raise CodeRefusal(
        f"{count} in {home} cannot be parsed by Python {judge}; nothing was uploaded.",
        why="\n".join(str(fault) for fault in faults),
        next_step="Correct the syntax. If the cluster's Python is newer and knows it, run Windsock with that Python.",
    )


def _hash(files: Iterable[CodeFile]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.path}\0{file.digest}\n".encode())
    return total.hexdigest()
