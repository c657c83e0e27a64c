"""The table of contents of the models: which keys a section has, where a key lives, and what it is for."""

from typing import Any, get_args

from pydantic import BaseModel

from spec.document import Path
from spec.environment import Environment


def keys(path: Path) -> list[str]:
    """Return the keys that the section at `path` may have; none where there is no section."""
    model: type[BaseModel] | None = Environment
    for part in path:
        if model is None or part not in model.model_fields:
            return []
        model = _model(model.model_fields[str(part)].annotation)
    return list(model.model_fields) if model else []


def description(path: Path) -> str:
    """Return the docstring of the innermost field at `path`, on one line."""
    model: type[BaseModel] | None = Environment
    text = ""
    for part in path:
        if model is None or part not in model.model_fields:
            break
        field = model.model_fields[str(part)]
        text, model = field.description or "", _model(field.annotation)
    return " ".join(text.split())


def homes(key: str) -> list[Path]:
    """Return every path at which a section has a key of this name."""
    return _homes(key, Environment, ())


def _homes(key: str, model: type[BaseModel], path: Path) -> list[Path]:
    found: list[Path] = []
    for name, field in model.model_fields.items():
        inner = _model(field.annotation)
        found += [(*path, name)] if name == key else []
        found += _homes(key, inner, (*path, name)) if inner else []
    return found


def _model(annotation: Any) -> type[BaseModel] | None:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
