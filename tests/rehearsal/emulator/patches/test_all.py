"""The promises of rehearsal/emulator/patches/all.py."""

import ast
from pathlib import Path

from rehearsal.emulator import patches

FOLDER = Path(patches.__path__[0])
APPLIED = {"apply", "reconcile"}


def test_the_roster_has_every_correction() -> None:
    """A correction that nobody applies would be found by nothing else."""
    roster = ast.parse((FOLDER / "all.py").read_text(encoding="utf-8"))
    imported = {
        node.module.rpartition(".")[2] for node in ast.walk(roster) if isinstance(node, ast.ImportFrom) and node.module
    }
    imported |= {alias.name for node in ast.walk(roster) if isinstance(node, ast.ImportFrom) for alias in node.names}
    corrections = {file.stem for file in FOLDER.glob("*.py") if file.stem != "all" and _functions(file) & APPLIED}
    assert len(corrections) > 15
    assert corrections <= imported


def _functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
