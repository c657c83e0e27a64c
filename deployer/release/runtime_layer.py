"""Makes the layer that lies on top of every image: Windsock's own package, at the place that the templates name."""

import hashlib
from pathlib import Path

from compiler.contract import HOME_LINKS, PYTHON_PATH, RUNTIME, RUNTIME_PACKAGE

RUNTIME_SOURCES = Path(__file__).parents[2] / "runtime"
"""The package beside this one, in a checkout as in an installation."""

_FILE_MODE, _FOLDER_MODE = 0o644, 0o755


def layer_instructions() -> str:
    """Return the Dockerfile of the layer; its context is what `write_runtime` writes."""
    links = " && ".join(f"ln -sfn {target} {name}" for name, target in HOME_LINKS.items())
    return f"""\
ARG IMAGE
FROM ${{IMAGE}}
COPY {RUNTIME_PACKAGE} {RUNTIME}
ENV PYTHONPATH={PYTHON_PATH}${{PYTHONPATH:+:$PYTHONPATH}}
RUN {links}
"""


def layer_version() -> str:
    """Return a hash over all that the layer consists of."""
    total = hashlib.sha256(layer_instructions().encode())
    for file in _files():
        total.update(f"{file.relative_to(RUNTIME_SOURCES)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def write_runtime(folder: Path) -> Path:
    """Write the package into `folder`, readable for every user of a container, and return where it is."""
    package = folder / RUNTIME_PACKAGE
    package.mkdir(parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)
    package.chmod(_FOLDER_MODE)
    for file in _files():
        written = package / file.relative_to(RUNTIME_SOURCES)
        written.parent.mkdir(exist_ok=True)
        written.parent.chmod(_FOLDER_MODE)
        written.write_bytes(file.read_bytes())
        written.chmod(_FILE_MODE)
    return package


def _files() -> list[Path]:
    return sorted(RUNTIME_SOURCES.rglob("*.py"))
