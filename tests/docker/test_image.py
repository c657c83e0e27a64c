"""Tests of what the image is made from: the Dockerfile, the requirements and the constraints of each release."""

import re
from pathlib import Path

import pytest

from spec.releases.table import RELEASES, Release

DOCKER = Path(__file__).parents[2] / "docker"
LOCKS = [(release, release.lock(python)) for release in RELEASES.values() for python in release.pythons]
PIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*==[^ ]+")


@pytest.mark.parametrize(("release", "lock"), LOCKS, ids=[lock for _, lock in LOCKS])
def test_each_release_has_its_pins(release: Release, lock: str) -> None:
    """Each has a file that pins that very Airflow, and every package to one exact version."""
    lines = (DOCKER / "constraints" / lock).read_text().splitlines()
    assert f"apache-airflow=={release.version}" in lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    assert len({line.partition("==")[0] for line in lines}) == len(lines)


def test_no_pins_without_a_release() -> None:
    """A constraints file that no release names is a leftover."""
    assert {path.name for path in (DOCKER / "constraints").iterdir()} == {lock for _, lock in LOCKS}


def test_the_dockerfile_builds_the_oldest_release_by_default() -> None:
    """Without arguments the Dockerfile builds the release and with the pins of env.example.yaml."""
    oldest = next(iter(RELEASES.values()))
    python = oldest.python
    text = (DOCKER / "Dockerfile").read_text()
    arguments = dict(re.findall(r"^ARG (\w+)=(.+)$", text, re.MULTILINE))
    assert arguments == {"BASE_IMG": oldest.base_image(python), "CONSTRAINTS": oldest.lock(python)}


def test_the_dockerfile_starts_from_the_base_image_argument() -> None:
    """BASE_IMG comes first, so that the release is chosen from outside; no process of the image runs as root."""
    instructions = [
        line for line in (DOCKER / "Dockerfile").read_text().splitlines() if re.match(r"(ARG|FROM|USER)\b", line)
    ]
    assert instructions[0].startswith("ARG BASE_IMG=")
    assert instructions[1] == "FROM ${BASE_IMG}"
    assert [line for line in instructions if line.startswith("USER")] == ["USER root", "USER 50000"]
