"""Reads the requirements of an image: the files that they name, and where they contradict the release's pins."""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from spec.errors import Refusal

if TYPE_CHECKING:
    from packaging.requirements import Requirement

REQUIREMENTS = "requirements.txt"

_INCLUDES = ("-r", "--requirement", "-c", "--constraint")
_FOLDERS = ("-f", "--find-links")
_EDITABLE = ("-e", "--editable")
_OPTION = r"(--[a-z-]+|-[a-z])(?:\s*=\s*|\s*)(.*)"
_COMMENT = r"(^|\s)#.*"
_FLAGS = r"\s--(hash|global-option|config-settings)\b.*"
_ADDRESS = r"(?i)[a-z0-9+.-]+://"
_VARIABLE = r"\$\{([A-Z0-9_]+)\}"
"""What pip and uv take from their environment. Source: "Requirements File Format", pip's documentation."""
_VERSION = "[<>=~]"
_PACKED = (".whl", ".zip", ".tar.gz", ".tgz")


class Line(NamedTuple):
    """One line of a requirements file, without its comment."""

    file: Path
    number: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.file}, line {self.number}"


@dataclass(kw_only=True)
class Requirements:
    """The packages that an image asks for, by their lines, every local file that these name, and their variables."""

    context: Path
    packages: list[Line] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    variables: list[tuple[Line, str]] = field(default_factory=list)

    @property
    def versioned(self) -> tuple[Line, ...]:
        """The packages that may contradict a pin; only a compile that meets one imports `packaging`."""
        return tuple(line for line in self.packages if re.search(_VERSION, line.text))


class RequirementsRefusal(Refusal):
    """The requirements cannot be installed as they are."""


def read_requirements(context: Path) -> Requirements:
    """Read `requirements.txt` of an image's folder and every file that it names. Raises `RequirementsRefusal`."""
    found = Requirements(context=context)
    start = context / REQUIREMENTS
    if start.is_file():
        _read(start, found)
    return found


def refuse_contradictions(found: Requirements, pins: Mapping[str, str], airflow: str) -> None:
    """Refuse a requirement that excludes the version which the release `airflow` pins."""
    for line, wanted, pinned in contradictions(found, pins):
        raise RequirementsRefusal(
            f"{line.place}, asks for {wanted.name}{wanted.specifier}, and Airflow {airflow} is pinned to "
            f"{wanted.name} {pinned}.",
            next_step=f"Let the requirement admit {pinned}, or override the pin in the environment YAML: "
            f'image: {{pins: {{{_canonical(wanted.name)}: "<version>"}}}}.',
        )


def contradictions(found: Requirements, pins: Mapping[str, str]) -> Iterator[tuple[Line, "Requirement", str]]:
    """Yield each requirement that excludes the pinned version, with its line and that version."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415  # see `versioned`

    for line in found.versioned:
        try:
            wanted = Requirement(line.text)
        except InvalidRequirement:
            continue  # pip says what is wrong with it
        pinned = pins.get(_canonical(wanted.name))
        if pinned is None or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        if wanted.url is None and not _admits(wanted, pinned):
            yield line, wanted, pinned


def refuse_unnamed(found: Requirements, secrets: Collection[str], dockerfile: str) -> None:
    """Refuse a variable in the requirements that is none of the build's `secrets`, and that the Dockerfile has not."""
    for line, name in found.variables:
        if name not in secrets and not re.search(rf"\b{name}\b", dockerfile):
            raise RequirementsRefusal(
                f"{line.place}, takes {name} from the environment, and the build of the image does not have it.",
                next_step=f"Name it in the environment YAML: image: {{secrets: [{', '.join((*secrets, name))}]}}.",
            )


def read_pins(text: str) -> dict[str, str]:
    """Return the versions in the text of a constraints file, by package."""
    lines = (line.partition("==") for line in text.splitlines() if "==" in line and not line.startswith("#"))
    return {_canonical(name.strip()): version.strip() for name, _, version in lines}


def override(text: str, pins: Mapping[str, str]) -> str:
    """Return the text of a constraints file with other versions; refuse one of an unknown package."""
    if not pins:
        return text
    known = read_pins(text)
    if strange := sorted(pins.keys() - known.keys()):
        raise RequirementsRefusal(
            f"image.pins names {', '.join(strange)}, which the release does not pin.",
            next_step=f"Remove it there, and write the version into {REQUIREMENTS}.",
        )
    lines = (line.partition("==")[0] for line in text.splitlines())
    changed = (
        f"{name}=={pins[_canonical(name)]}" if _canonical(name) in pins else line
        for name, line in zip(lines, text.splitlines(), strict=True)
    )
    return "".join(f"{line}\n" for line in changed)


def _canonical(name: str) -> str:
    """Return a package's name however it is spelled."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415  # see `versioned`

    return canonicalize_name(name)


def _admits(wanted: "Requirement", pinned: str) -> bool:
    from packaging.version import InvalidVersion  # noqa: PLC0415  # see `versioned`

    try:
        return wanted.specifier.contains(pinned, prereleases=True)
    except InvalidVersion:
        return True


def _read(file: Path, found: Requirements) -> None:
    found.files.append(file)
    for line in _lines(file):
        found.variables += [(line, name) for name in re.findall(_VARIABLE, line.text)]
        option = re.fullmatch(_OPTION, line.text) if line.text.startswith("-") else None
        if option is None:
            _take(line, found)
        elif option[1] in _INCLUDES and not re.match(_ADDRESS, option[2]):
            named = _inside(line, file.parent / option[2], found)
            if named not in found.files:
                _read(named, found)
        elif option[1] in (*_EDITABLE, *_FOLDERS) and not re.match(_ADDRESS, option[2]):
            _add(line, found.context / option[2], found)


def _take(line: Line, found: Requirements) -> None:
    """Add a package by its name, or the local file or folder that it comes from."""
    text = re.sub(_FLAGS, "", line.text)
    path = text.partition("[")[0].partition(";")[0].strip()
    if (
        path.startswith((".", "/"))
        or ("/" in path and "@" not in path and not re.match(_ADDRESS, path))
        or (path.endswith(_PACKED) and "@" not in path)
    ):
        _add(line, found.context / path, found)
        return
    found.packages.append(line._replace(text=text))


def _add(line: Line, path: Path, found: Requirements) -> None:
    named = _inside(line, path, found)
    inner = sorted(named.rglob("*")) if named.is_dir() else [named]
    found.files += [file for file in inner if file.is_file() and file not in found.files]


def _inside(line: Line, path: Path, found: Requirements) -> Path:
    """Return a path that a line names. Raises `RequirementsRefusal` where the build would not find it."""
    context, path = found.context, Path(os.path.normpath(path))
    if not path.resolve().is_relative_to(context.resolve()):
        raise RequirementsRefusal(
            f"{line.place}, names a file outside {context}/: {line.text}",
            why="The build of the image sees this folder alone.",
            next_step="Copy the file into it, and name it there.",
        )
    if not path.exists():
        raise RequirementsRefusal(
            f"{line.place}, names a file that is not there: {line.text}",
            next_step=f"Put it at {path}, or remove the line.",
        )
    return path


def _lines(file: Path) -> Iterator[Line]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise RequirementsRefusal(f"{file} cannot be read.", why=str(error)) from error
    begin, held = 0, ""
    for number, raw in enumerate(text.splitlines(), start=1):
        begin = begin if held else number
        if raw.rstrip().endswith("\\"):
            held += raw.rstrip()[:-1] + " "
            continue
        stripped = re.sub(_COMMENT, "", held + raw).strip()
        held = ""
        if stripped:
            yield Line(file=file, number=begin, text=stripped)
