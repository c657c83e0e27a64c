"""What `windsock init` understood of an existing project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Size = tuple[int, int]
"""CPU units and MiB of a Fargate task."""


@dataclass(frozen=True)
class LeftOut:
    """Something that does not go into the new project, and why."""

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A project in the terms of Windsock; nothing in it is a secret.

    `version` is the Airflow release that the project names, `home` its folder with dags/. `options` are options of
    airflow.cfg as the project names them. `requirements` are Python packages and `packages` those of Debian.
    `sizes` are the Fargate sizes of processes. `secrets_backend` says that its files have connections or variables.
    """

    title: str
    version: str = ""
    home: Path | None = None
    executor: str = ""
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)
    requirements: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    sizes: Mapping[str, Size] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    secrets_backend: bool = False
