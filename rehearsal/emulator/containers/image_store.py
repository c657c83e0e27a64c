"""The images of the emulator: what on this machine stands for which image reference."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rehearsal.host import private_files

FILE_NAME = "images.json"


@dataclass(frozen=True, kw_only=True)
class Image:
    """What stands for a container image, a virtual environment or built files, with what its configuration says."""

    environment: str = ""
    """The virtual environment; its `bin` comes first on PATH."""
    root: str = ""
    """The folder with the files of an image that was built; empty where a virtual environment stands for it."""
    entrypoint: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    working_directory: str = "/"
    user: str = "50000:0"
    architecture: str = ""
    """`X86_64` or `ARM64` as ECS spells them; empty for an image that has both."""
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Further folders of this machine that its programs use, by their paths in the container."""
    links: Mapping[str, str] = field(default_factory=dict)
    """What symbolic links of the image lead to, by their paths in the container."""


def put(directory: Path, reference: str, image: Image) -> None:
    """Add or replace one image, atomically: the emulator reads the file at every container start."""
    images = {name: asdict(known) for name, known in _all(directory).items()}
    images[reference] = asdict(image)
    draft = directory / f"{FILE_NAME}.{os.getpid()}"
    private_files.write_text(draft, json.dumps(images, indent=2))
    draft.replace(directory / FILE_NAME)


def put_under(directory: Path, name: str, reference: str) -> None:
    """Let what stands for an image stand for it under another name too; one that nobody runs has none."""
    known = find(directory, reference)
    if known:
        put(directory, name, known)


def find(directory: Path, reference: str) -> Image | None:
    """Return the image that a reference names, or None."""
    return _all(directory).get(reference)


def references(directory: Path) -> tuple[str, ...]:
    """Every known reference."""
    return tuple(_all(directory))


def _all(directory: Path) -> dict[str, Image]:
    file = directory / FILE_NAME
    if not file.exists():
        return {}
    images = json.loads(file.read_text(encoding="utf-8"))
    return {name: Image(**{**entry, "entrypoint": tuple(entry["entrypoint"])}) for name, entry in images.items()}
