"""The `image` section: what the container image is built from."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.constrained_types import OwnFolder
from spec.section import EACH_ONCE, Matching, Section, refuse

_PACKAGE_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
_AIRFLOW = "apache-airflow"


def _package(value: str) -> str:
    if value == _AIRFLOW:
        refuse(f"{_AIRFLOW} itself has the version that `airflow.version` gives", hint="remove it, or change that line")
    if not re.fullmatch(_PACKAGE_PATTERN, value):
        hint = re.sub(r"[-_.]+", "-", value).lower().strip("-")
        refuse(f"{value!r} is not the normalised name of a package", hint=f"write {hint or 'pandas, say'}")
    return value


SecretName = Annotated[
    str,
    Matching(
        pattern=r"[A-Z][A-Z0-9_]{0,63}",
        fault="cannot name an environment variable here",
        hint="use upper-case letters, digits and underscores, such as PIP_TOKEN",
    ),
]
PackageName = Annotated[str, AfterValidator(_package)]
PackageVersion = Annotated[
    str,
    Matching(
        pattern=r"[0-9][A-Za-z0-9.+!]*",
        fault="is not one exact version",
        hint='give it in quotes and without ==, such as "2.2.3"',
    ),
]


class Image(Section):
    """What the container image is built from."""

    context: OwnFolder = "docker"
    """Folder with Dockerfile and requirements.txt, relative to this file; the base image follows from
    `airflow.version` and `airflow.python`. Default docker."""

    secrets: Annotated[tuple[SecretName, ...], Field(strict=False, max_length=20), EACH_ONCE] = ()
    """Names of environment variables of whoever builds the image, such as PIP_TOKEN, at most 20. Requirements may refer
    to them, as in `--extra-index-url https://user:${PIP_TOKEN}@pypi.example.com/simple`. The build gets their values as
    build secrets: they stand in no layer, argument or log. Default none."""

    pins: dict[PackageName, PackageVersion] = Field(default_factory=dict, max_length=100)
    """Versions that replace those of the release's constraints file, by package, such as {requests: "2.32.5"}. A deploy
    and a rehearsal name each: nobody has tried that combination with this release. Default none."""

    @property
    def pins_argument(self) -> str:
        """The pins as the Dockerfile's argument PINS takes them."""
        return " ".join(f"{name}=={version}" for name, version in self.pins.items())
