"""The only door to disk: templates go into the folder that people review, and nothing else stays there."""

from pathlib import Path

from compiler.model.template_set import TemplateSet


def write(templates: TemplateSet, folder: Path) -> tuple[str, ...]:
    """Make `folder` hold these templates and no other file; return the names that were written or removed."""
    names = stale(templates, folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if name in templates.files:
            (folder / name).write_bytes(templates.files[name].encode())
        else:
            (folder / name).unlink()
    return names


def stale(templates: TemplateSet, folder: Path) -> tuple[str, ...]:
    """Return the names of files in `folder` that are missing, differ from these templates or are none of them."""
    present = {file.name: file.read_bytes() for file in sorted(folder.glob("*")) if file.is_file()}
    wanted = {name: text.encode() for name, text in templates.files.items()}
    return tuple(name for name in wanted | present if present.get(name) != wanted.get(name))
