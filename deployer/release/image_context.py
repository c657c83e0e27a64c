"""Checks what an image is built from, before anything is built: files, pins and secrets."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.release.code_files import unfit_files
from deployer.release.dockerfile import beyond_requirements, env_vars, refuse_other_release
from deployer.release.requirements import (
    Requirements,
    RequirementsRefusal,
    override,
    read_pins,
    read_requirements,
    refuse_contradictions,
    refuse_unnamed,
)
from spec.environment import Environment
from spec.sections.image import Image

if TYPE_CHECKING:
    from deployer.release.build_secrets import BuildSecrets

CONSTRAINTS = "constraints"
DOCKERFILE = "Dockerfile"
PACKAGES = "packages.txt"
IGNORED = ".dockerignore"
MOST_NAMED = 20
"""How many unfit files a refusal names."""
SHIPPED = Path(__file__).parents[2] / "docker"
"""The folder that a new project copies, in a checkout as in an installation."""

SHIPPED_DOCKERFILE = SHIPPED / DOCKERFILE

_TAKES_PINS = r"(?m)^ARG PINS\b"


@dataclass(frozen=True, kw_only=True)
class ImageContext:
    """The folder of an image, the constraints file of the release, and the versions that replace some of its pins.

    `lock` came with the release. A file of the same name in the folder counts instead: it is the user's.
    """

    folder: Path
    lock: Path
    airflow: str
    section: Image = field(default_factory=Image)

    @classmethod
    def of(cls, env: Environment, checkout: Path) -> "ImageContext":
        """Return that of an environment whose YAML lies in `checkout`."""
        return cls(
            folder=checkout / env.image.context,
            lock=env.airflow.release.lock_file(env.airflow.python),
            airflow=env.airflow.version,
            section=env.image,
        )

    @property
    def constraints(self) -> Path:
        """The pins of the release: the user's own, or those that came with it."""
        return self.own_lock if self.own_lock.is_file() else self.lock

    @property
    def constraints_text(self) -> str:
        """The pins that count. Raises `RequirementsRefusal`."""
        try:
            return override(self.constraints.read_text(encoding="utf-8"), self.section.pins)
        except FileNotFoundError:
            raise RequirementsRefusal(
                f"There is no {self.constraints}.",
                why="The image is built with the pins that ran with this Airflow release and Python.",
                next_step=f"Commit it again, or make it with `windsock versions add {self.airflow}`.",
            ) from None

    @property
    def own_lock(self) -> Path:
        """Where the user's own pins of the release are, if there are any."""
        return self.folder / CONSTRAINTS / self.lock.name

    @property
    def build_arguments(self) -> tuple[str, ...]:
        """What the Dockerfile takes of them."""
        pins = self.section.pins_argument
        return (f"CONSTRAINTS={self.lock.name}", *((f"PINS={pins}",) if pins else ()))

    @property
    def dockerfile(self) -> str:
        """The text of the Dockerfile; empty when there is none."""
        file = self.folder / DOCKERFILE
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    @property
    def packages(self) -> tuple[str, ...]:
        """The Debian packages that packages.txt names."""
        file = self.folder / PACKAGES
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        return tuple(word for line in text.splitlines() for word in line.partition("#")[0].split())

    def beyond_requirements(self) -> tuple[str, ...]:
        """Say what the image has besides the packages of its requirements: the Dockerfile's own instructions."""
        own = tuple(map(str, beyond_requirements(self.dockerfile, SHIPPED_DOCKERFILE.read_text(encoding="utf-8"))))
        return (*own, *((f"{PACKAGES}: {' '.join(self.packages)}",) if self.packages else ()))

    def env_vars(self) -> Mapping[str, str]:
        """Return the variables that the Dockerfile sets."""
        return env_vars(self.dockerfile, SHIPPED_DOCKERFILE.read_text(encoding="utf-8"))

    def ingredients(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file that the build sees, by its name, without what is there for others."""
        seen = {self.own_lock: self.constraints} if self.constraints.is_file() else {}
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder)
            if path.is_file() and name.parts[0] != CONSTRAINTS and not name.name.startswith("compose"):
                seen[path] = path
        for path in sorted(seen):
            yield path.relative_to(self.folder).as_posix(), seen[path].read_bytes()

    @contextmanager
    def build_folder(self) -> Iterator[Path]:
        """Yield the folder that a builder sees: the user's own, or a copy of it with the pins that it lacks."""
        if self.own_lock.is_file():
            yield self.folder
            return
        with tempfile.TemporaryDirectory(prefix="windsock-image-") as place:
            copy = Path(place, self.folder.name)
            shutil.copytree(self.folder, copy, symlinks=True)
            (copy / CONSTRAINTS).mkdir(exist_ok=True)
            shutil.copyfile(self.constraints, copy / CONSTRAINTS / self.lock.name)
            yield copy

    def check(self) -> Requirements:
        """Refuse what a build would fail of, and return the requirements. Raises `Refusal`."""
        if not self.folder.is_dir():
            raise RequirementsRefusal(
                f"There is no folder {self.folder}.",
                why="The image is built from it: a Dockerfile, and a requirements.txt with the packages of your DAGs.",
                next_step="Copy it from a project of `windsock init`, or name yours: `image: {context: …}`.",
            )
        self._refuse_unfit_files()
        found = read_requirements(self.folder)
        refuse_unnamed(found, self.section.secrets, self.dockerfile)
        pins = self.constraints_text
        if found.versioned:
            refuse_contradictions(found, read_pins(pins), self.airflow)
        return found

    def _refuse_unfit_files(self) -> None:
        """Refuse links out of the checkout, what is no regular file, what is huge, and likely secrets."""
        left_out = self._left_out()
        unfit = tuple(unfit_files(self.folder, lambda name: any(fnmatch(name, one) for one in left_out)))
        if unfit:
            raise RequirementsRefusal(
                f"{len(unfit)} of the files in {self.folder} must not get into an image.",
                why="\n".join(unfit[:MOST_NAMED]),
                next_step=f"Remove them, or name them in {self.folder / IGNORED} if the build does not need them.",
            )

    def _left_out(self) -> tuple[str, ...]:
        """Return what a build ignores: the patterns in `.dockerignore`, which begin at the folder."""
        file = self.folder / IGNORED
        patterns = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        return tuple(one.strip().strip("/") for one in patterns if one.strip() and one[0] not in "#!")

    def check_dockerfile(self, secrets: "BuildSecrets") -> None:
        """Refuse a Dockerfile that takes neither the pins nor the secrets of the YAML."""
        file, text = self.folder / DOCKERFILE, self.dockerfile
        refuse_other_release(str(file), text, self.airflow)
        secrets.refuse_deaf(text)
        if self.section.pins and not re.search(_TAKES_PINS, text):
            raise RequirementsRefusal(
                f"{file} does not read image.pins.",
                next_step="Add `ARG PINS=` and let pip install with them, as the Dockerfile of a new project does.",
            )

    def told(self) -> Iterator[str]:
        """Say which pins of the release are replaced."""
        known = read_pins(self.constraints.read_text(encoding="utf-8")) if self.section.pins else {}
        for name, version in self.section.pins.items():
            yield f"image.pins: {name} {version} instead of {known.get(name)}, which the release was tried with."
