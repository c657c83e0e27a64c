"""Writes the files of a new project, and never one that is there already."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cli
from cli.starting.environment_yaml import SCHEMA, Settings, environment_yaml
from cli.starting.pipelines.pipeline import NONE, pipeline
from spec.reference.json_schema import json_schema
from spec.releases.table import PROJECT_FOLDER, add_releases

YAML = "env.yaml"

_SHIPPED = Path(cli.__file__).parents[1]
"""Where Windsock's own docker/ and airflow_home/ lie: in a checkout and in an installed wheel alike."""

_SAMPLE = "airflow_home"
_NOT_SAMPLE = ("README.md", "ruff.toml")
_IGNORED = (
    "# Passwords and what Python makes by itself.\n.env\nairflow_settings.yaml\n__pycache__/\n*.pyc\n.venv/\nlogs/\n"
)
_README = Path(__file__).with_name("readme.md")


@dataclass(frozen=True, kw_only=True)
class NewProject:
    """A project to write: what its YAML says, what its image needs besides, whether it gets the sample code.

    `host` says for which CI it gets a pipeline.
    """

    settings: Settings = field(default_factory=Settings)
    requirements: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    origin: str = ""
    sample: bool = True
    host: str = NONE


@dataclass
class Written:
    """The paths of files that were written, and of those that were there already."""

    new: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)


def write_project(folder: Path, project: NewProject) -> Written:
    """Write what is missing; the YAML comes last, so that a run that was killed is completed by the next one."""
    written = Written()
    for name, content in _files(project).items():
        path = folder / name
        if path.exists() or path.is_symlink():
            if path.read_bytes() != content:
                written.kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path, content)
        written.new.append(path)
    return written


def write_schema(folder: Path) -> bool:
    """Bring the schema beside a YAML up to date; returns whether it was not. It is Windsock's own file."""
    add_releases(folder / PROJECT_FOLDER)
    path, content = folder / SCHEMA, json_schema().encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    _create(path, content)
    return True


def image_files(project: NewProject) -> dict[str, bytes]:
    """Return the files of the image's folder, by their names in it."""
    release, python = project.settings.release, project.settings.release.python
    lock = release.lock(python)
    dockerfile = (_SHIPPED / "docker" / "Dockerfile").read_text(encoding="utf-8")
    for name, value in (("BASE_IMG", release.base_image(python)), ("CONSTRAINTS", lock)):
        dockerfile = re.sub(rf"^ARG {name}=.*$", f"ARG {name}={value}", dockerfile, flags=re.MULTILINE)
    constraints = release.lock_file(python).read_bytes()
    return {
        "Dockerfile": dockerfile.encode(),
        "requirements.txt": _with_lines("requirements.txt", project.origin, project.requirements),
        "packages.txt": _with_lines("packages.txt", project.origin, project.packages),
        f"constraints/{lock}": constraints,
    }


def _with_lines(name: str, origin: str, lines: Sequence[str]) -> bytes:
    """Return a list that Windsock ships, with the lines of the project that was taken over."""
    text = (_SHIPPED / "docker" / name).read_text(encoding="utf-8")
    return (text + "\n".join(["", f"# From {origin}.", *lines, ""]) if lines else text).encode()


def _files(project: NewProject) -> Mapping[str, bytes]:
    image = {f"{project.settings.context}/{name}": content for name, content in image_files(project).items()}
    return {
        **(dict(_sample()) if project.sample else {}),
        **image,
        **pipeline(project.host),
        ".gitignore": _IGNORED.encode(),
        "README.md": _README.read_bytes(),
        SCHEMA: json_schema().encode(),
        YAML: environment_yaml(project.settings).encode(),
    }


def _sample() -> Iterator[tuple[str, bytes]]:
    """Yield the code that a new project starts with."""
    home = _SHIPPED / _SAMPLE
    for path in sorted(home.rglob("*")):
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(home).parts)
        if path.is_file() and not hidden and path.name not in _NOT_SAMPLE:
            yield f"{_SAMPLE}/{path.relative_to(home).as_posix()}", path.read_bytes()


def _create(path: Path, content: bytes) -> None:
    """Make a file at once with its whole content, and only where there is none."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".windsock-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        os.link(temporary, path)
    finally:
        Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
