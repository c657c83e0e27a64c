"""Prints one JSON line per package of the image it runs in: those of Python, and those of Debian.

`python -m windsock_runtime.image_contents.packages` asks the metadata that pip and dpkg keep, and no registry.
Package URLs: https://github.com/package-url/purl-spec
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KIND = "image_package"
"""Marks the lines of this program among those that others print."""

DPKG_STATUS = Path("/var/lib/dpkg/status")
OS_RELEASE = Path("/etc/os-release")
INSTALLED = "install ok installed"
LONGEST_LICENCE = 100
"""Some packages have the whole text in the field for its name."""


def main() -> None:
    """Print what pip and dpkg have installed."""
    for entry in (*python_packages(), *debian_packages(), {"kind": KIND, "end": True}):
        print(json.dumps(entry), file=sys.__stdout__, flush=True)  # its output is what it is for


def python_packages() -> Iterator[dict[str, Any]]:
    """Yield the distributions that Python finds; of two with one name, that which is imported."""
    seen: set[str] = set()
    for found in distributions():
        name = re.sub(r"[-_.]+", "-", found.metadata["Name"] or "").lower()
        if name and name not in seen:
            seen.add(name)
            yield _entry(name, found.version, f"pkg:pypi/{name}@{quote(found.version, safe='')}", _licence(found))


def debian_packages(status: Path = DPKG_STATUS, release: Path = OS_RELEASE) -> Iterator[dict[str, Any]]:
    """Yield the packages that dpkg knows as installed; none where there is no dpkg."""
    if not status.is_file():
        return
    system = _fields(release.read_text(encoding="utf-8"), "=") if release.is_file() else {}
    vendor = system.get("ID", "debian").strip('"')
    distribution = f"{vendor}-{system.get('VERSION_ID', '').strip(chr(34))}".rstrip("-")
    for paragraph in status.read_text(encoding="utf-8").split("\n\n"):
        fields = _fields(paragraph, ":")
        if fields.get("Status") == INSTALLED:
            name, version = fields["Package"], fields["Version"]
            more = f"arch={fields.get('Architecture', 'all')}&distro={distribution}"
            yield _entry(name, version, f"pkg:deb/{vendor}/{quote(name)}@{quote(version, safe='')}?{more}", "")


def _entry(name: str, version: str, purl: str, licence: str) -> dict[str, Any]:
    return {"kind": KIND, "name": name, "version": version, "purl": purl, "licence": licence}


def _licence(found: Distribution) -> str:
    """Return the licence as the package names it; nothing where it has a whole text or none."""
    said: Mapping[str, Any] = found.metadata.json
    classified = [one.rpartition(" :: ")[2] for one in said.get("classifier", ()) if one.startswith("License ::")]
    named = said.get("license_expression") or ", ".join(classified) or said.get("license") or ""
    return named if len(named) <= LONGEST_LICENCE and "\n" not in named else ""


def _fields(text: str, separator: str) -> dict[str, str]:
    """Return what the lines say that begin with a name; others continue the line before."""
    pairs = (line.partition(separator) for line in text.splitlines() if not line.startswith(" "))
    return {name: value.strip() for name, _, value in pairs}


if __name__ == "__main__":
    main()
