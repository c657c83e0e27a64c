"""The program in the image names its packages as their own metadata does."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from runtime.image_contents import packages

STATUS = """Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.15-2+b7
Description: a shell
 Version: of its second line

Package: gone
Status: deinstall ok config-files
Version: 1

Package: tzdata
Status: install ok installed
Architecture: all
Version: 1:2024a-0
"""


def test_distributions_of_python_have_one_entry_each() -> None:
    """By the name that indexes use, with the licence as far as it is a name."""
    found = {entry["name"]: entry for entry in packages.python_packages()}
    pydantic = found["pydantic"]
    assert pydantic["version"] == version("pydantic")
    assert pydantic["purl"] == f"pkg:pypi/pydantic@{version('pydantic')}"
    assert "MIT" in pydantic["licence"]
    assert "pydantic-core" in found
    assert all("\n" not in entry["licence"] for entry in found.values())


def test_what_dpkg_has_installed_is_named(tmp_path: Path) -> None:
    """With the distribution that the advisories are for; what was removed is not there."""
    (tmp_path / "status").write_text(STATUS)
    (tmp_path / "os-release").write_text('NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n')
    bash, tzdata = packages.debian_packages(tmp_path / "status", tmp_path / "os-release")
    assert bash["purl"] == "pkg:deb/debian/bash@5.2.15-2%2Bb7?arch=amd64&distro=debian-12"
    assert (tzdata["name"], tzdata["version"]) == ("tzdata", "1:2024a-0")


def test_an_image_without_dpkg_has_no_packages_of_debian(tmp_path: Path) -> None:
    """Such as one from another base."""
    assert not list(packages.debian_packages(tmp_path / "status"))


def test_the_last_line_says_that_it_is_the_last(capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever reads knows that nothing is on its way any more."""
    packages.main()
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith('{"kind"')]
    assert {line["kind"] for line in lines} == {packages.KIND}
    assert lines[-1] == {"kind": packages.KIND, "end": True}
