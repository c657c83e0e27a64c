"""Where the programs of PostgreSQL are in the emulator's environment."""

import importlib.util
from pathlib import Path


def installed() -> Path:
    """Where the wheel keeps PostgreSQL's programs; its Python module is not imported: it adds users to this machine."""
    package = importlib.util.find_spec("pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("the emulator's environment has no pgserver")
    return Path(package.submodule_search_locations[0]) / "pginstall"


def libraries(installation: Path) -> Path:
    """Return the libraries that the wheel's programs need, beside the package."""
    return installation.parent.parent / "pgserver.libs"
