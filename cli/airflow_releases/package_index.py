"""Asks the package index, through uv, when a release appeared, what it says of itself, and for pins of that day."""

import subprocess
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from cli.airflow_releases.raised_pins import RAISED, newer_packages
from deployer.release.image_context import SHIPPED
from deployer.release.requirements import REQUIREMENTS, read_pins
from rehearsal.images.virtualenvs import UV, said_by_uv, uv_variables
from spec.errors import Refusal
from spec.releases.entry import age

_PACKAGE = "apache-airflow"
_READER = "3.11"
"""The Python that the search for the release itself stands for: every release since 2.5 installs on it."""

_PLAIN = ("--quiet", "--no-header", "--no-annotate", "--no-emit-index-url")
_QUOTED_LINES = 8
_LOGIN, _LOGIN_SINCE = "apache-airflow-providers-fab", "2.9.0"
"""The package that has the login with a password, and the first release whose core has not."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """A release on the package index: the day of its upload, and the text of its METADATA."""

    version: str
    day: date
    metadata: str


def run_uv(*words: str, typed: str = "") -> str:
    """Return what uv prints. Raises `Refusal` with its last lines."""
    done = subprocess.run(
        [*UV, *words],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env=uv_variables(),
    )
    if done.returncode:
        raise Refusal(
            "The package index has no such release, or no packages that go with it.",
            why=said_by_uv(done.stderr, _QUOTED_LINES),
            next_step="Look at the version, at --python, and at the network; `windsock versions` lists what is known.",
        )
    return done.stdout


Uv = Callable[..., str]


def published(version: str, uv: Uv = run_uv) -> Published:
    """Ask for a release. Raises `Refusal` where the index has none, or does not say since when."""
    pin = f"{_PACKAGE}=={version}"
    words = ("--no-deps", "--format", "pylock.toml", "--python-version", _READER, *_PLAIN, "-")
    (package,) = tomllib.loads(uv("pip", "compile", *words, typed=pin))["packages"]
    files = [*package.get("wheels", ()), *filter(None, [package.get("sdist")])]
    days = [file["upload-time"].date() for file in files if "upload-time" in file]
    if not days:
        raise Refusal(
            f"The package index does not say when it got Airflow {version}.",
            why="Its pins are the newest packages of the day of the release.",
            next_step="Name an index that gives upload times, such as PyPI itself, in UV_DEFAULT_INDEX.",
        )
    with tempfile.TemporaryDirectory() as folder:
        uv("pip", "install", "--quiet", "--no-deps", "--target", folder, "--python-version", _READER, pin)
        (metadata,) = Path(folder).glob("apache_airflow-*.dist-info/METADATA")
        return Published(version=version, day=min(days), metadata=metadata.read_text(encoding="utf-8"))


def pins(release: Published, python: str, uv: Uv = run_uv) -> str:
    """Return a constraints file: what a new project installs, resolved as of the day of the release.

    Packages whose older versions have a known fault are newer. Raises `Refusal` where no versions go together.
    """
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "constraints.txt")
        floors = (f"{name}>={floor}" for name, floor in RAISED.items())
        constraints.write_text("\n".join((f"{_PACKAGE}=={release.version}", *floors)), encoding="utf-8")
        newer = newer_packages(release.version)
        found = uv(
            *("pip", "compile", str(SHIPPED / REQUIREMENTS), "--constraints", str(constraints), *_PLAIN),
            *("--python-version", python, "--exclude-newer", str(release.day + timedelta(days=1))),
            *(word for name, day in newer.items() for word in ("--exclude-newer-package", f"{name}={day}")),
        )
    if age(release.version) >= age(_LOGIN_SINCE) and _LOGIN not in read_pins(found):
        raise Refusal(
            f"Airflow {release.version} has no packages for a login on Python {python}.",
            why=f"No {_LOGIN} of that day installs on it.",
            next_step="Name an older Python with --python.",
        )
    return found
