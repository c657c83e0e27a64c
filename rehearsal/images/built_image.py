"""Builds somebody's Dockerfile and keeps the files of the image in the cache, once per content."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rehearsal.images.container_builder import Build, Builder, Configuration
from rehearsal.images.virtualenvs import exclusive

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
    entry = json.loads((folder / _CONFIGURATION).read_text(encoding="utf-8"))
    return BuiltImage(folder, Configuration(**{**entry, "entrypoint": tuple(entry["entrypoint"])}))


def _entry(configuration: Configuration, root: Path) -> dict[str, object]:
    """Return a configuration with the numbers of its user and group, which the image itself gives names."""
    name, _, group = configuration.user.partition(":")
    entry = next((line for line in _lines(root / "etc" / "passwd") if name in line.split(":")[:3:2]), "::0:0")
    group_line = next((line for line in _lines(root / "etc" / "group") if group in line.split(":")[:3:2]), "::0")
    user, own_group = entry.split(":")[2:4]
    return asdict(replace(configuration, user=f"{user}:{group_line.split(':')[2] if group else own_group}"))


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
