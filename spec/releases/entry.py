"""Reads what a file says of an Airflow release: its Pythons, and the databases that it was tested with."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from spec.errors import Fault, SpecRefusal
from spec.releases.engines import EngineName
from spec.section import Section

FILES = "airflow-*.json"
"""The names of these files; beside each lies the list of the release's options."""

VERSION = r"^([0-9]+)\.([0-9]+)\.([0-9]+)(?:(a|b|rc)([0-9]+))?$"
"""A final release, or one before it."""

_PYTHON = r"^3\.[0-9]+$"
_HINT = "`windsock versions add VERSION` writes such files"


class Entry(Section):
    """What differs between releases although they work alike.

    `released` is its day on the package index, of which its pins are. `pythons` are those with a lock, and whether a
    rehearsal has run them. `databases` are the engine versions in "Requirements" of the release's README.
    """

    version: Annotated[str, Field(pattern=VERSION)]
    released: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pythons: Mapping[Annotated[str, Field(pattern=_PYTHON)], bool] = Field(min_length=1)
    databases: Mapping[EngineName, tuple[str, ...]]

    @property
    def file(self) -> str:
        """The name of its file."""
        return FILES.replace("*", self.version)


def read_entries(folder: Path) -> Iterator[Entry]:
    """Yield what each file of a folder says; nothing where there is no folder. Raises `SpecRefusal`."""
    for file in sorted(folder.glob(FILES)):
        try:
            entry = Entry.model_validate_json(file.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            path = ".".join(map(str, first["loc"]))
            raise SpecRefusal((Fault(file=str(file), path=path, message=first["msg"], hint=_HINT),)) from error
        if entry.file != file.name:
            message = f"the file is of Airflow {entry.version}"
            raise SpecRefusal((Fault(file=str(file), path="version", message=message, hint=f"name it {entry.file}"),))
        yield entry


def age(version: str) -> tuple[int, int, int, str, int]:
    """Return what sorts versions, oldest first, without the time that an import of `packaging` takes.

    Raises `ValueError` for what is no version of Airflow.
    """
    parsed = re.fullmatch(VERSION, version)
    if parsed is None:
        raise ValueError(f"{version!r} is no version of Airflow.")
    major, minor, patch, stage, number = parsed.groups()
    return int(major), int(minor), int(patch), stage or "z", int(number or 0)


def is_final(version: str) -> bool:
    """Whether it is no alpha, beta or release candidate."""
    return version.rpartition(".")[2].isdigit()
