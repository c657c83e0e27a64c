"""An Astro project: dags/ plugins/ include/ packages.txt requirements.txt Dockerfile airflow_settings.yaml .env."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from cli.starting.project_files import (
    lines_of,
    needs_secrets_backend,
    requirements_of,
    settings_of,
    split_variables,
    variables_of,
)
from cli.starting.understood import LeftOut, Understood

title = "an Astro project"

_RUNTIME = re.compile(r"FROM\s+\S*?(?:astro-runtime|astronomer/runtime|/runtime):(\S+)", re.IGNORECASE)
_MAJORS: Mapping[str, str] = MappingProxyType(
    {
        "5": "2.3.4",
        "6": "2.4.3",
        "7": "2.5.3",
        "8": "2.6.3",
        "9": "2.7.3",
        "10": "2.8.4",
        "11": "2.9.3",
        "12": "2.10.5",
        "13": "2.11.0",
    }
)
"""Airflow by the major version of Astro Runtime. From Airflow 3 on the tag begins with Airflow's own, as in 3.1-2.
Source: https://www.astronomer.io/docs/astro/runtime-release-notes"""

_FOLDERS = ("apps", "tests")


def recognises(path: Path) -> bool:
    """Whether its image is Astro Runtime, or the Astro CLI has made it."""
    return (path / ".astro").is_dir() or bool(_tag(path))


def read(path: Path) -> Understood:
    """Read its files."""
    requirements, files = requirements_of(path / "requirements.txt")
    options, others = split_variables(variables_of(path / ".env"), ".env")
    return Understood(
        title=title,
        version=_airflow(_tag(path)),
        home=path,
        secrets_backend=needs_secrets_backend(path),
        options=options,
        requirements=requirements,
        packages=tuple(lines_of(path / "packages.txt")),
        left_out=(
            *files,
            *others,
            *settings_of(path / "airflow_settings.yaml"),
            *_instructions(path),
            *(LeftOut(f"{name}/", "it does not run on the cluster") for name in _FOLDERS if (path / name).is_dir()),
        ),
    )


def _tag(path: Path) -> str:
    found = (_RUNTIME.match(line) for line in lines_of(path / "Dockerfile"))
    return next((match[1] for match in found if match), "")


def _airflow(tag: str) -> str:
    """Return the Airflow release of a tag such as 12.6.0-base or 3.1-2; empty for an unknown one."""
    numbers = re.match(r"([0-9]+)\.([0-9]+)", tag)
    if numbers is None:
        return ""
    return f"{numbers[1]}.{numbers[2]}.0" if numbers[1] == "3" else _MAJORS.get(numbers[1], "")


def _instructions(path: Path) -> Iterator[LeftOut]:
    """Name what its Dockerfile does besides choosing Astro Runtime."""
    goes_on = False
    for line in lines_of(path / "Dockerfile"):
        begins, goes_on = not goes_on, line.endswith("\\")
        if begins and not _RUNTIME.match(line):
            words = " ".join(line.split()[:2]).partition("=")[0]  # the rest may hold a secret
            yield LeftOut(
                f"Dockerfile: {words}", "it was written for Astro Runtime; add what you need to docker/Dockerfile"
            )
