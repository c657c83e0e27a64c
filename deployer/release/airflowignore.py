"""Tells which files of the DAGs folder Airflow never reads: those that a `.airflowignore` names.

Source: "`.airflowignore`" in Core Concepts, DAGs (airflow.apache.org): patterns are regular expressions or globs, and
count for the folder of their file and those below.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from spec.releases.table import IgnoreSyntax

NAME = ".airflowignore"

_COMMENT = r"\s*#.*"


def is_ignored(path: str, folder: str, files: Mapping[str, bytes], syntax: IgnoreSyntax) -> bool:
    """Whether Airflow never reads `path`, which lies below `folder`; `files` has the text of each `.airflowignore`."""
    rules = tuple(_rules(path, folder, files))
    if syntax == "regexp":
        # Airflow searches in the path below the DAGs folder, whichever folder has the file.
        below = PurePosixPath(path).relative_to(folder).as_posix()
        return any(_found(pattern, below) for _, patterns in rules for pattern in patterns)
    return _is_globbed(path, rules)


def _rules(path: str, folder: str, files: Mapping[str, bytes]) -> Iterator[tuple[PurePosixPath, list[str]]]:
    """Yield folder and patterns of each `.airflowignore` that counts for a path, the outermost first."""
    for parent in reversed(PurePosixPath(path).parents):
        text = files.get(str(parent / NAME))
        if text is not None and parent.is_relative_to(folder):
            lines = (re.sub(_COMMENT, "", line) for line in text.decode(errors="replace").split("\n"))
            yield parent, [line for line in lines if line]


def _found(pattern: str, below: str) -> bool:
    """Whether a regular expression finds the path or one of its folders; Airflow passes over an invalid one."""
    try:
        found = re.compile(pattern)
    except re.error:
        return False
    return any(found.search(str(part)) for part in (PurePosixPath(below), *PurePosixPath(below).parents[:-1]))


def _is_globbed(path: str, rules: tuple[tuple[PurePosixPath, list[str]], ...]) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # only an ignored file that cannot be parsed pays for it

    verdicts = (
        GitIgnoreSpec.from_lines(patterns).check_file(str(PurePosixPath(path).relative_to(parent))).include
        for parent, patterns in rules
    )
    return next((verdict for verdict in reversed([*verdicts]) if verdict is not None), False)
