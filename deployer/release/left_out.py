"""Says what of an Airflow home no container sees, and where it belongs instead."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from types import MappingProxyType

from compiler.contract import CODE_FOLDERS, INCLUDE, WEBSERVER_CONFIG
from deployer.release.code_files import why_no_code

BROUGHT = frozenset({*CODE_FOLDERS, INCLUDE, WEBSERVER_CONFIG})

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "airflow.cfg": "its options go into airflow.config of the environment YAML",
        "requirements.txt": "its lines go into docker/requirements.txt",
        "packages.txt": "its lines go into docker/packages.txt",
        "airflow_local_settings.py": "Airflow finds it in config/",
        "connections.json": "airflow.connections of the environment YAML names a secret for each",
        "variables.json": "airflow.variables of the environment YAML names a secret for each",
    }
)
_ANY_PLACE = f"what DAGs read goes into {INCLUDE}/, modules go into plugins/ or config/"
_NO_CODE = (".*", "*.db", "*.md", "*.toml", "__pycache__", "airflow.cfg.*", "logs", "standalone_admin_password.txt")
"""What Airflow, editors and tools leave in a home, and what people write for each other."""
_MADE = (".DS_Store", ".gitkeep", ".pyc", ".pyo")


def left_out(home: Path) -> Iterator[str]:
    """Yield a sentence for each file or folder of `home` that is not brought to the cluster."""
    for path in sorted(home.iterdir()):
        if path.name not in BROUGHT and not any(fnmatch(path.name, pattern) for pattern in _NO_CODE):
            name = f"{path}/" if path.is_dir() else str(path)
            shown = name if name.isprintable() else ascii(name)
            yield f"{shown} is not brought to the cluster: {PLACES.get(path.name, _ANY_PLACE)}."
    for folder in sorted(BROUGHT):
        yield from _left_out_below(home / folder)


def _left_out_below(folder: Path) -> Iterator[str]:
    """Yield a sentence for each file and folder that is no code by its name; what Python and the Mac make is none."""
    for path in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else ():
        reason = why_no_code(path.name)
        if reason and not path.name.endswith(_MADE):
            yield f"{path if str(path).isprintable() else ascii(str(path))} is not brought to the cluster: {reason}."
        elif not reason and path.name != "__pycache__":
            yield from _left_out_below(path)
