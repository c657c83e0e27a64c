"""Checks what an image is built from, before anything is built: files, pins and secrets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deployer.release.build_secrets import BuildSecrets
from deployer.release.requirements import (
    Requirements,
    RequirementsRefusal,
    override,
    read_pins,
    read_requirements,
    refuse_contradictions,
)
from spec.environment import Environment
from spec.sections.image import Image

CONSTRAINTS = "constraints"
DOCKERFILE = "Dockerfile"

_TAKES_PINS = re.compile(r"^ARG PINS\b", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class ImageContext:
    """The folder of an image with the constraints file that counts, and the versions that replace some of its pins."""

    folder: Path
    lock: str
    airflow: str
    section: Image = field(default_factory=Image)

    @classmethod
    def of(cls, env: Environment, checkout: Path) -> "ImageContext":
        """Return that of an environment whose YAML lies in `checkout`."""
        return cls(
            folder=checkout / env.image.context,
            lock=env.airflow.release.lock(env.airflow.python),
            airflow=env.airflow.version,
            section=env.image,
        )

    @property
    def constraints(self) -> Path:
        """The pins of the release."""
        return self.folder / CONSTRAINTS / self.lock

    @property
    def constraints_text(self) -> str:
        """The pins that count. Raises `RequirementsRefusal`."""
        try:
            return override(self.constraints.read_text(encoding="utf-8"), self.section.pins)
        except FileNotFoundError:
            raise RequirementsRefusal(
                f"There is no {self.constraints}.",
                why="The image is built with the pins that ran with this Airflow release and Python.",
                next_step="Take the file from Windsock's own docker/constraints.",
            ) from None

    @property
    def build_arguments(self) -> tuple[str, ...]:
        """What the Dockerfile takes of them."""
        pins = self.section.pins_argument
        return (f"CONSTRAINTS={self.lock}", *((f"PINS={pins}",) if pins else ()))

    def check(self) -> Requirements:
        """Refuse what a build would fail of, and return the requirements. Raises `Refusal`."""
        found = read_requirements(self.folder)
        pins = read_pins(self.constraints_text)
        refuse_contradictions(found, pins, self.airflow)
        return found

    def check_dockerfile(self, secrets: BuildSecrets) -> None:
        """Refuse a Dockerfile that takes neither the pins nor the secrets of the YAML."""
        file = self.folder / DOCKERFILE
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        secrets.refuse_deaf(text)
        if self.section.pins and not _TAKES_PINS.search(text):
            raise RequirementsRefusal(
                f"{file} does not read image.pins.",
                next_step="Add `ARG PINS=` and let pip install with them, as the Dockerfile of a new project does.",
            )

    def told(self) -> Iterator[str]:
        """Say which pins of the release are replaced."""
        known = read_pins(self.constraints.read_text(encoding="utf-8")) if self.section.pins else {}
        for name, version in self.section.pins.items():
            yield f"image.pins: {name} {version} instead of {known.get(name)}, which the release was tried with."
