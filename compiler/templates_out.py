"""Writes templates into the folder that people review, and touches no file there that Windsock did not write."""

import re
from collections.abc import Container
from pathlib import Path

from compiler.model.template_set import TemplateSet
from spec.errors import Refusal

_HEAD = rb"AWSTemplateFormatVersion: '2010-09-09'\nDescription: '?(%s|windsock-toolkit)[ :]"
_HEAD_BYTES = 1024


def write(templates: TemplateSet, folder: Path) -> tuple[str, ...]:
    """Make `folder` hold these templates and no other of this environment; return the names written or removed.

    Files that no compile wrote stay. Raises `Refusal` as `refuse_links` does.
    """
    refuse_links(templates, folder)
    names = stale(templates, folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).unlink(missing_ok=True)
        if name in templates.files:
            with (folder / name).open("xb") as file:  # x: a link that appears meanwhile is not followed
                file.write(templates.files[name].encode())
    return names


def stale(templates: TemplateSet, folder: Path) -> tuple[str, ...]:
    """Return the names of templates in `folder` that are missing, that differ, or that an earlier compile left."""
    present = read_templates(folder, templates.name, templates.files)
    wanted = {name: text.encode() for name, text in templates.files.items()}
    return tuple(name for name in wanted | present if present.get(name) != wanted.get(name))


def read_templates(folder: Path, environment: str, wanted: Container[str]) -> dict[str, bytes]:
    """Read the regular files of `folder` with a wanted name, and those whose content is a template of `environment`."""
    head = re.compile(_HEAD % re.escape(environment).encode())
    files = (file for file in sorted(folder.glob("*")) if file.is_file() and not file.is_symlink())
    return {file.name: file.read_bytes() for file in files if file.name in wanted or head.match(_read_head(file))}


def refuse_links(templates: TemplateSet, folder: Path) -> None:
    """Raise `Refusal` when writing would follow a link, or replace something that is no file."""
    files = [folder / name for name in templates.files]
    for path in (folder.parent, folder, *files):
        if path.is_symlink():
            raise Refusal(
                f"{path} is a link to {path.readlink()}; nothing was written.",
                why="Through a link, compile would overwrite files elsewhere.",
                next_step=f"Remove it, then compile again: rm {path}",
            )
    for file in files:
        if file.exists() and not file.is_file():
            raise Refusal(f"{file} is not a file; nothing was written.", next_step="Move it elsewhere.")


def _read_head(file: Path) -> bytes:
    with file.open("rb") as content:
        return content.read(_HEAD_BYTES)
