"""The folder of Airflow's official Compose file: its image, its variables, and dags/ plugins/ config/ beside it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.starting.project_files import (
    lines_of,
    mapping_of,
    needs_secrets_backend,
    requirements_of,
    split_variables,
    variables_of,
)
from cli.starting.understood import LeftOut, Understood

title = "a Compose folder"

_NAMES = ("docker-compose.yaml", "docker-compose.yml", "compose.yaml", "compose.yml")
_COMMON = ("x-airflow-common", "x-airflow")
_IMAGE = re.compile(r"apache/airflow:(?:slim-)?([0-9]+\.[0-9]+\.[0-9]+)")
_DEFAULT = re.compile(r"\$\{[A-Za-z_]+:-([^}]*)\}")
_FOR_COMPOSE = ("AIRFLOW_UID", "AIRFLOW_GID", "AIRFLOW_IMAGE_NAME", "AIRFLOW_PROJ_DIR", "AIRFLOW_CONFIG")
_PIP = "_PIP_ADDITIONAL_REQUIREMENTS"
_ADMIN = "_AIRFLOW_WWW_USER_"


def recognises(path: Path) -> bool:
    """Whether it has a Compose file of Airflow's image."""
    file = _file(path)
    return file is not None and bool(_common(mapping_of(file)) or _IMAGE.search(file.read_text(encoding="utf-8")))


def read(path: Path) -> Understood:
    """Read the Compose file and what lies beside it."""
    file = _file(path) or path
    folder, common = file.parent, _common(mapping_of(file))
    given = {**_variables(common), **variables_of(folder / ".env")}
    pip = given.pop(_PIP, "").split()
    variables = {name: value for name, value in given.items() if not name.startswith((_ADMIN, *_FOR_COMPOSE))}
    options, others = split_variables(variables, file.name)
    requirements, files = requirements_of(folder / "requirements.txt")
    return Understood(
        title=title,
        version=_version(common, folder),
        secrets_backend=needs_secrets_backend(folder),
        home=folder if (folder / "dags").is_dir() else None,
        options=options,
        executor=options.get(("core", "executor"), ""),
        requirements=(*requirements, *(word for word in pip if word not in requirements)),
        left_out=(*others, *files, *_services(mapping_of(file))),
    )


def _file(path: Path) -> Path | None:
    if path.name in _NAMES and path.is_file():
        return path
    return next((path / name for name in _NAMES if (path / name).is_file()), None)


def _common(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = next((document[name] for name in _COMMON if name in document), {})
    return found if isinstance(found, dict) else {}


def _variables(common: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables of the file, each `${NAME:-default}` as its default."""
    given = common.get("environment")
    if isinstance(given, list):
        given = dict(str(each).partition("=")[::2] for each in given)
    return {str(name): _DEFAULT.sub(r"\1", _plain(value)) for name, value in (given or {}).items()}


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _version(common: Mapping[str, Any], folder: Path) -> str:
    """Return the release of the image, or of the Dockerfile that makes it."""
    for line in (str(common.get("image", "")), *lines_of(folder / "Dockerfile")):
        if found := _IMAGE.search(line):
            return found[1]
    return ""


def _services(document: Mapping[str, Any]) -> Iterator[LeftOut]:
    """Name what runs beside Airflow."""
    for name, service in (document.get("services") or {}).items():
        image = str(service.get("image", "")) if isinstance(service, dict) else ""
        if image and not _IMAGE.search(image) and not name.startswith("airflow"):
            known = name in {"postgres", "mysql", "redis"}
            reason = "Windsock has a database of its own and no broker" if known else "only Airflow itself runs here"
            yield LeftOut(f"service {name}", reason)
