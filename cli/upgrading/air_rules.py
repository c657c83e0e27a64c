"""Lets ruff look for what Airflow 3 removed or moved: its AIR rules are those that the Airflow project maintains."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cli.upgrading.finding import Finding
from compiler.contract import CODE_FOLDERS, INCLUDE
from spec.errors import Refusal
from spec.releases.table import Release

RULES = ("AIR301", "AIR302", "AIR303", "AIR311", "AIR312")
"""https://docs.astral.sh/ruff/rules/#airflow-air; those of 31 name what Airflow 3 still takes, with a warning."""

_SOON = "AIR31"
_FOLDERS = (*CODE_FOLDERS, INCLUDE)


class RuffRefusal(Refusal):
    """The code cannot be looked at."""


def air_findings(home: Path, target: Release, search_path: str | None = None) -> Iterator[Finding]:
    """Yield what Airflow 3 does not take of the code in `home`; nothing for a target that is older.

    Raises `RuffRefusal` where there is no ruff, or it fails.
    """
    folders = [str(home / name) for name in _FOLDERS if (home / name).is_dir()]
    if not target.execution_api or not folders:
        return
    options = ("check", "--isolated", "--no-cache", "--exit-zero", "--output-format=json")
    command = [_ruff(search_path), *options, f"--select={','.join(RULES)}", *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuffRefusal("ruff cannot look at the code.", why=done.stderr.strip())
    for found in json.loads(done.stdout):
        yield _finding(found)


def _finding(found: dict[str, object]) -> Finding:
    code, where = found.get("code"), found.get("location")
    line = where.get("row", 0) if isinstance(where, dict) else 0
    fix = found.get("fix")
    hint = f"; {fix['message']}" if isinstance(fix, dict) and fix.get("message") else ""
    return Finding(
        file=str(found.get("filename")),
        line=int(line),
        rule=str(code or "syntax"),
        message=f"{found.get('message')}{hint}",
        must=not str(code).startswith(_SOON),
    )


def _ruff(search_path: str | None) -> str:
    """Return the program beside this Python, or else the first on PATH."""
    beside = str(Path(sys.executable).parent)
    places = os.pathsep.join((beside, os.environ.get("PATH", ""))) if search_path is None else search_path
    found = shutil.which("ruff", path=places)
    if found is None:
        raise RuffRefusal(
            "There is no ruff, whose rules know what Airflow 3 removed.",
            next_step="Install it beside Windsock: `uv tool install 'windsock[upgrade]'`, or `pip install ruff`.",
        )
    return found
