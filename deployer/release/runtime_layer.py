"""Makes the layer that lies on top of every image: Windsock's own package, at the place that the templates name."""

import hashlib
from pathlib import Path

from compiler.contract import HOME_LINKS, PYTHON_PATH, RUNTIME, RUNTIME_PACKAGE

RUNTIME_SOURCES = Path(__file__).parents[2] / "runtime"
"""The package beside this one, in a checkout as in an installation."""

_CERTIFICATES = ".pem"
_KINDS = (".py", _CERTIFICATES)
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


def write_runtime(folder: Path, *, authorities: bytes | None = None) -> Path:
    """Write the package into `folder`, readable for every user of a container, and return where it is.

    `authorities` are certificates that take the place of RDS's own. A file that is as it should be is left alone:
    containers read it meanwhile.
    """
    package = folder / RUNTIME_PACKAGE
    package.mkdir(parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)
    package.chmod(_FOLDER_MODE)
    for file in _files():
        written = package / file.relative_to(RUNTIME_SOURCES)
        _make_folders(package, written.parent)
        content = authorities if authorities and file.suffix == _CERTIFICATES else file.read_bytes()
        if not written.exists() or written.read_bytes() != content:
            written.write_bytes(content)
        written.chmod(_FILE_MODE)
    return package


def _make_folders(package: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    while folder != package:
        folder.chmod(_FOLDER_MODE)
        folder = folder.parent


def _files() -> list[Path]:
    return sorted(file for kind in _KINDS for file in RUNTIME_SOURCES.rglob(f"*{kind}"))
