"""Writes templates into the folder that people review, and touches no file there that Windsock did not write."""

import re
from collections.abc import Container
from pathlib import Path

from compiler.model.template_set import ROOT, TemplateSet
from spec.errors import Refusal

_HEAD = rb"AWSTemplateFormatVersion: '2010-09-09'\nDescription: '?(%s|windsock-toolkit)[ :]"
_HEAD_BYTES = 1024
_VERSION = "windsock-version.txt"
"""Says which Windsock last changed the templates of a folder."""


def write(templates: TemplateSet, folder: Path, version: str = "") -> tuple[str, ...]:
    """Make `folder` hold these templates and no other of this environment; return the names written or removed.

    When they change, the `version` of Windsock is noted beside them. Files that no compile wrote stay.
    Raises `Refusal` as `refuse_links` does.
    """
    refuse_links(templates, folder)
    names = stale(templates, folder)
    folder.mkdir(parents=True, exist_ok=True)
    if names and version:
        _replace(folder / _VERSION, f"{version}\n".encode())
    for name in names:
        if name in templates.files:
            _replace(folder / name, templates.files[name].encode())
        else:
            (folder / name).unlink(missing_ok=True)
    return names


def _replace(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with path.open("xb") as file:  # x: a link that appears meanwhile is not followed
        file.write(content)


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


def holds_templates(folder: Path) -> bool:
    """Whether `folder` holds the templates of the environment that it is named after."""
    root = folder / ROOT
    head = re.compile(_HEAD % re.escape(folder.name).encode())
    return root.is_file() and not root.is_symlink() and bool(head.match(_read_head(root)))


def written_by(folder: Path) -> str:
    """Return the version of the Windsock that last changed the templates in `folder`; empty when that is not known."""
    file = folder / _VERSION
    return file.read_text(encoding="utf-8").strip() if file.is_file() and not file.is_symlink() else ""


def _read_head(file: Path) -> bytes:
    with file.open("rb") as content:
        return content.read(_HEAD_BYTES)
