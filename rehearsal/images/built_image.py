"""Builds somebody's Dockerfile and keeps the files of the image in the cache, once per content."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rehearsal.images.container_builder import Build, Builder, Configuration
from rehearsal.images.virtualenvs import exclusive, mark_used

_ROOT, _CONFIGURATION = "root", "configuration.json"


@dataclass(frozen=True)
class BuiltImage:
    """The root file system of an image, and what the image says of its processes."""

    folder: Path
    configuration: Configuration

    @property
    def root(self) -> Path:
        """The files."""
        return self.folder / _ROOT


def build_image(builder: Builder, build: Build, *, name: str, cache: Path) -> BuiltImage:
    """Build the image `name`, which has the hash of all that it is built from, or find it in the cache."""
    folder = cache / name
    with exclusive(cache / f"{name}.lock"):
        if not (folder / _CONFIGURATION).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            reference = f"localhost/rehearsal/{name.lower()}"
            builder.build(reference, build)
            builder.export(reference, folder / _ROOT)
            told = json.dumps(_entry(builder.configuration(reference), folder / _ROOT), indent=2)
            builder.remove(reference)
            (folder / _CONFIGURATION).write_text(told, encoding="utf-8")
    mark_used(folder)
    entry = json.loads((folder / _CONFIGURATION).read_text(encoding="utf-8"))
    return BuiltImage(folder, Configuration(**{**entry, "entrypoint": tuple(entry["entrypoint"])}))


def _entry(configuration: Configuration, root: Path) -> dict[str, object]:
    """Return a configuration with the numbers of its user and group, which the image itself gives names."""
    name, _, group = configuration.user.partition(":")
    user, own_group = _numbers(root / "etc" / "passwd", name or "root", 2)
    chosen = _numbers(root / "etc" / "group", group, 1)[0] if group else own_group
    return asdict(replace(configuration, user=f"{user}:{chosen}"))


def _numbers(file: Path, name: str, count: int) -> tuple[str, ...]:
    """Return the first numbers in the line of a name or number; a number that no line has stands for itself."""
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    lines = (line.split(":") for line in text.splitlines())
    found = next((parts[2 : 2 + count] for parts in lines if name in (parts[0], parts[2])), None)
    return tuple(found or [name if name.isdigit() else "0"] + ["0"] * (count - 1))
