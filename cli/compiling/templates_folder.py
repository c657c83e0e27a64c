"""Where the templates of an environment lie for review: beside its YAML, whatever the current folder is."""

import re
from collections.abc import Iterator
from pathlib import Path

from compiler.templates_out import holds_templates

TEMPLATES_OUT = "templates_out"
"""The folder beside the YAML for all templates; each environment has a folder in it."""

_YAML = ("*.yaml", "*.yml")
_NAME = re.compile(r"""^name:[ \t]*["']?([A-Za-z0-9-]+)""", re.MULTILINE)


def templates_folder(path: Path, name: str, output: Path | None = None) -> Path:
    """Return the folder for the templates of the environment `name`, whose YAML is `path`."""
    return (output or path.parent / TEMPLATES_OUT) / name


def without_yaml(project: Path) -> Iterator[Path]:
    """Yield each folder of templates in `project` that belongs to no YAML there, nor to a branch of one."""
    names = [name for pattern in _YAML for file in sorted(project.glob(pattern)) for name in _names(file)]
    for folder in sorted((project / TEMPLATES_OUT).glob("*")):
        belongs = any(folder.name == name or folder.name.startswith(f"{name}-") for name in names)
        if not belongs and holds_templates(folder):
            yield folder


def _names(file: Path) -> list[str]:
    try:
        return _NAME.findall(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # what cannot be read is no environment
