"""Writes a file of the user's as a whole or not at all."""

import shutil
from pathlib import Path


def rewrite(path: Path, text: str) -> None:
    """Give a file another text; it keeps its mode, and a link to it stays one."""
    file = path.resolve()
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, encoding="utf-8")
    shutil.copymode(file, draft)
    draft.replace(file)
