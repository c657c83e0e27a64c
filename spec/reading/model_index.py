"""Looks up the models: which keys a section has, where a key belongs, and what it is for."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from spec.environment import Environment
from spec.reading.field_docs import field_docs
from spec.reading.positioned_yaml import Path
from spec.section import KIND_KEYS


def keys(path: Path) -> list[str]:
    """Return the keys that the section at `path` may have; none where there is no section."""
    models = [Environment] if not path else [inner for model, name in _fields(path) for inner in _inner(model, name)]
    return list(dict.fromkeys(name for model in models for name in model.model_fields))


def kind_key(path: Path) -> str:
    """Return the key that says of which kind the section at `path` is."""
    return next(key for key in KIND_KEYS if _fields((*path, key)))


def kinds(path: Path) -> list[str]:
    """Return the kinds that the section at `path` may have."""
    fields = _fields((*path, kind_key(path)))
    return [str(kind) for model, name in fields for kind in get_args(model.model_fields[name].annotation)]


def description(path: Path) -> str:
    """Return the docstring of the innermost field at `path`, on one line; of a field with several kinds, of each."""
    for length in range(len(path), 0, -1):
        if fields := _fields(path[:length]):
            docs = (field_docs(model).get(name, "") for model, name in fields)
            return " ".join(" ".join(dict.fromkeys(docs)).split())
    return ""


def homes(key: str) -> list[Path]:
    """Return every path at which a section has a key of this name."""
    return list(dict.fromkeys(_homes(key, Environment, ())))


def sections(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield every section below a model, at any depth; one that stands in several places, as often."""
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            yield inner
            yield from sections(inner)


def _fields(path: Path) -> list[tuple[type[BaseModel], str]]:
    """Return the models and fields that `path` may lead to: one in most sections, several where a section has kinds."""
    models: list[type[BaseModel]] = [Environment]
    fields: list[tuple[type[BaseModel], str]] = []
    several = False
    for part in path:
        if several:  # the user's own name for one section of several, or its place in a list
            several = False
            continue
        fields = [(model, str(part)) for model in models if part in model.model_fields]
        models = [inner for model, name in fields for inner in _inner(model, name)]
        several = any(_holds_several(model.model_fields[name].annotation) for model, name in fields)
    return fields


def _holds_several(annotation: Any) -> bool:
    """Whether a field has sections under names of the user's, or a list of them."""
    return get_origin(annotation) in {dict, tuple} and bool(_models(annotation))


def _inner(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    return _models(model.model_fields[name].annotation)


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
