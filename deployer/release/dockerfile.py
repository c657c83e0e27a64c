"""Reads a Dockerfile: what it does besides installing the requirements, and which Airflow it starts from."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from spec.errors import Refusal

if TYPE_CHECKING:
    from dockerfile_parse.parser import DockerfileParser

OFFICIAL = r"(?:docker\.io/)?apache/airflow:(?:slim-)?(\d+\.\d+\.\d+)\S*"
"""The official image, with its release."""

_SILENT = ("ARG", "COMMENT", "FROM", "LABEL", "MAINTAINER", "USER")
"""Instructions that change nothing that a process sees, once another virtualenv has the place of the image."""

_PLAIN_COPY = r"(--\S+\s+)*((\./)?(requirements\.txt|packages\.txt|constraints(/\S*)?)\s+)+\S+"
_PLAIN_INSTALL = (
    r"(python\d? -m )?pip3? install(\s+(--no-cache-dir|(-r|--requirement)[ =]\S*requirements\.txt"
    r"|(-c|--constraint)[ =]\S+))+"
)


class DockerfileRefusal(Refusal):
    """The Dockerfile does not fit the environment YAML."""


class Instruction(NamedTuple):
    """One instruction, and the line that it begins on."""

    name: str
    value: str
    line: int

    def __str__(self) -> str:
        words = " ".join(self.value.split())
        return f"line {self.line}, {self.name} {words[:60]}{'…' if len(words) > 60 else ''}"  # noqa: PLR2004  a line on a terminal


def instructions(text: str) -> tuple[Instruction, ...]:
    """Return the instructions of a Dockerfile."""
    parts = _parser(text).structure
    return tuple(Instruction(part["instruction"], part["value"].strip(), part["startline"] + 1) for part in parts)


def beyond_requirements(text: str, shipped: str) -> tuple[Instruction, ...]:
    """Return what a Dockerfile does besides what `shipped`, the one of a new project, does with the requirements."""
    known = {(each.name, _words(each.value)) for each in instructions(shipped)}
    return tuple(
        each for each in instructions(text) if (each.name, _words(each.value)) not in known and not _is_plain(each)
    )


def env_vars(text: str, shipped: str) -> Mapping[str, str]:
    """Return the variables that a Dockerfile sets besides those of the one of a new project."""
    known = _parser(shipped).envs
    return {name: value for name, value in _parser(text).envs.items() if known.get(name) != value}


def official_images(text: str) -> Iterator[str]:
    """Yield the official images that a Dockerfile names itself."""
    for each in instructions(text):
        if each.name == "FROM" and (found := re.search(OFFICIAL, each.value)):
            yield found[0]


def refuse_other_release(file: str, text: str, airflow: str) -> None:
    """Refuse a Dockerfile that names another release than the YAML: settings and commands are those of the release."""
    for each in instructions(text):
        found = re.search(OFFICIAL, each.value) if each.name == "FROM" else None
        if found and found[1] != airflow:
            raise DockerfileRefusal(
                f"{file}, line {each.line}, starts from Airflow {found[1]}, and airflow.version is {airflow}.",
                next_step="Write `ARG BASE_IMG` and `FROM ${BASE_IMG}`, and the YAML alone chooses the release.",
            )


def _is_plain(each: Instruction) -> bool:
    words = _words(each.value)
    return (
        each.name in _SILENT
        or (each.name in {"COPY", "ADD"} and bool(re.fullmatch(_PLAIN_COPY, words)))
        or (each.name == "RUN" and bool(re.fullmatch(_PLAIN_INSTALL, words.replace('"', ""))))
    )


def _words(value: str) -> str:
    return " ".join(value.split())


def _parser(text: str) -> "DockerfileParser":
    from dockerfile_parse.parser import DockerfileParser  # noqa: PLC0415  # only a build pays for it

    return DockerfileParser(fileobj=io.BytesIO(text.encode()))  # type: ignore[no-untyped-call]  # it has no types
