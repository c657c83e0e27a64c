"""Looks up the models: which keys a section has, where a key belongs, and what it is for."""

from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from spec.environment import Environment
from spec.reading.positioned_yaml import Path


def keys(path: Path) -> list[str]:
    """Return the keys that the section at `path` may have; none where there is no section."""
    models = [Environment] if not path else [model for field in _fields(path) for model in _models(field.annotation)]
    return list(dict.fromkeys(name for model in models for name in model.model_fields))


def kinds(path: Path) -> list[str]:
    """Return the kinds that the section at `path` may have; none where it has no kinds."""
    fields = _fields((*path, "kind"))
    return [str(kind) for field in fields for kind in get_args(field.annotation)]


def description(path: Path) -> str:
    """Return the docstring of the innermost field at `path`, on one line; of a field with several kinds, of each."""
    for length in range(len(path), 0, -1):
        if fields := _fields(path[:length]):
            return " ".join(" ".join(dict.fromkeys(field.description or "" for field in fields)).split())
    return ""


def homes(key: str) -> list[Path]:
    """Return every path at which a section has a key of this name."""
    return list(dict.fromkeys(_homes(key, Environment, ())))


def _fields(path: Path) -> list[FieldInfo]:
    """Return the fields that `path` may lead to: one in most sections, several where a section has kinds."""
    models: list[type[BaseModel]] = [Environment]
    fields: list[FieldInfo] = []
    for part in path:
        fields = [model.model_fields[str(part)] for model in models if part in model.model_fields]
        models = [inner for field in fields for inner in _models(field.annotation)]
    return fields


def _homes(key: str, model: type[BaseModel], path: Path) -> list[Path]:
    found: list[Path] = []
    for name, field in model.model_fields.items():
        found += [(*path, name)] if name == key else []
        for inner in _models(field.annotation):
            found += _homes(key, inner, (*path, name))
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
