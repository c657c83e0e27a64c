"""Reads what runs on the cluster: which files of `airflow_home` are code, and whether Python can read them."""

import ast
import hashlib
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from compiler.contract import CODE_FOLDERS, WEBSERVER_CONFIG, client_secret_name
from deployer.release.code_files import find_code
from spec.environment import Environment
from spec.errors import Fault, Refusal

LOGIN_MODULE = "windsock_login"
LOGIN_LINE = f"from {LOGIN_MODULE} import *"


@dataclass(frozen=True)
class CodeFile:
    """One file: its path below `airflow_home` with forward slashes, and its content."""

    path: str
    content: bytes

    @property
    def md5(self) -> str:
        """What S3 calls the ETag of an object with this content."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Code:
    """All code of an environment, sorted by path."""

    files: tuple[CodeFile, ...]

    @property
    def version(self) -> str:
        """A hash over all of it."""
        return _hash(self.files)

    @property
    def restart_version(self) -> str:
        """A hash over what Airflow reads only when it starts: all but the DAGs."""
        return _hash(file for file in self.files if not file.path.startswith("dags/"))


class CodeRefusal(Refusal):
    """The code cannot be used."""

    exit_code = 2


def read_code(home: Path) -> Code:
    """Read `home`; caches, dotfiles and what editors leave behind are not code.

    Raises `CodeRefusal` when there is no such folder, with everything that must not be uploaded, or with each Python
    file that has a syntax error.
    """
    if not home.is_dir():
        raise CodeRefusal(
            f"There is no folder {home}.",
            next_step="Give the folder with dags/, plugins/, config/ and webserver_config.py as airflow.home.",
        )
    if not (home / WEBSERVER_CONFIG).is_file():
        raise CodeRefusal(
            f"There is no {WEBSERVER_CONFIG} in {home}.",
            why="Without it, Airflow would silently use a login of its own making.",
            next_step="Copy the one of this checkout's airflow_home.",
        )
    found = find_code(home, CODE_FOLDERS, [WEBSERVER_CONFIG])
    if found.refused:
        raise CodeRefusal(
            f"{home} holds what cannot be code; nothing was uploaded.",
            why="\n".join(found.refused),
            next_step="Move it out of the folders that are uploaded; a secret belongs into Secrets Manager. "
            "If a name misleads, rename the file.",
        )
    files = (CodeFile(path.relative_to(home).as_posix(), path.read_bytes()) for path in found.paths)
    code = Code(tuple(sorted(files, key=lambda file: file.path)))
    _refuse_faults(home, code)
    return code


def read_release(home: Path, env: Environment) -> Code:
    """Read the code of an environment. Raises `CodeRefusal` for whatever would keep it from running there."""
    code = read_code(home)
    refuse_incomplete(home, code, env)
    refuse_own_login(home, code, env)
    return code


def refuse_incomplete(home: Path, code: Code, env: Environment) -> None:
    """Raise `CodeRefusal` when a file is missing that Airflow is configured to read when it starts."""
    there = {file.path for file in code.files}
    missing = [str(home / name) for name in env.needs_files if name not in there]
    if not missing:
        return
    are, them = ("is", "it") if len(missing) == 1 else ("are", "them")
    raise CodeRefusal(
        f"{' and '.join(missing)} {are} missing; nothing was uploaded.",
        why=f"Airflow {env.airflow.version} is configured to read {them}, and dies at its start without.",
        next_step=f"Restore {them} from Windsock's own airflow_home.",
    )


def reads_login(settings: bytes) -> bool:
    """Whether a webserver_config.py takes over from the environment how people log in."""
    try:
        tree = ast.parse(settings)
    except (SyntaxError, ValueError):
        return False
    return any(
        isinstance(node, ast.ImportFrom) and node.module == LOGIN_MODULE and node.names[0].name == "*"
        for node in tree.body
    )


def refuse_own_login(home: Path, code: Code, env: Environment) -> None:
    """Raise `CodeRefusal` for a `webserver_config.py` that keeps its own login beside an identity provider."""
    (settings,) = (file.content for file in code.files if file.path == WEBSERVER_CONFIG)
    if client_secret_name(env) is None or reads_login(settings):
        return
    raise CodeRefusal(
        f"{home / WEBSERVER_CONFIG} does not take over how people log in; nothing was uploaded.",
        why=f"auth.kind is {env.auth.kind}, and without this line Airflow would go on asking for passwords.",
        next_step=f"Add this line to it: {LOGIN_LINE}",
    )


def syntax_faults(home: Path, code: Code) -> Iterator[Fault]:
    """Yield each Python file that the Python of this program cannot parse."""
    for file in code.files:
        if not file.path.endswith(".py"):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a doubtful escape is the author's business, not a syntax error
                ast.parse(file.content, file.path)
        except SyntaxError as error:
            text = (error.text or "").strip()
            line, column = error.lineno or 1, error.offset or 1
            yield Fault(file=str(home / file.path), line=line, column=column, text=text, message=error.msg, hint=text)
        except ValueError as error:
            yield Fault(file=str(home / file.path), line=1, column=1, message=str(error))


def _refuse_faults(home: Path, code: Code) -> None:
    faults = tuple(syntax_faults(home, code))
    if not faults:
        return
    judge = f"{sys.version_info.major}.{sys.version_info.minor}"
    count = "1 file" if len(faults) == 1 else f"{len(faults)} files"
    raise CodeRefusal(
        f"{count} in {home} cannot be parsed by Python {judge}; nothing was uploaded.",
        why="\n".join(str(fault) for fault in faults),
        next_step="Correct the syntax. If the cluster's Python is newer and knows it, run Windsock with that Python.",
    )


def _hash(files: Iterable[CodeFile]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.path}\0{hashlib.sha256(file.content).hexdigest()}\n".encode())
    return total.hexdigest()
