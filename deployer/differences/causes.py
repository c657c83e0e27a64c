"""Finds which key of the YAML brings each change: it compiles the old YAML with each changed key alone."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from compiler.model.template_set import TemplateSet
from deployer.differences.compare import compare
from deployer.differences.difference import Difference, PropertyChange, ResourceDifference
from spec.errors import Refusal
from spec.reading.positioned_yaml import Document, Path, dotted

Yaml = dict[str, Any]
Compile = Callable[[Yaml], TemplateSet]
"""Compiles what a YAML says; raises `ValidationError` or `Refusal` where it is refused."""

_MISSING = object()


@dataclass(frozen=True)
class Side:
    """A YAML and its templates."""

    document: Document
    templates: TemplateSet


_Touched = frozenset[tuple[str, str]]
"""Logical paths and property paths; the property is empty where the resource comes or goes as a whole."""


@dataclass(frozen=True)
class _Cause:
    words: str
    touched: _Touched


def with_causes(difference: Difference, old: Side, new: Side, compiled: Compile) -> Difference:
    """Return the difference with its causes; keys that are right only together are one cause."""
    return _explained(difference, tuple(_of_keys(old, new, compiled)))


def with_cause(difference: Difference, words: str, part: Difference) -> Difference:
    """Return the difference with `words` as the cause of all that is in `part` too."""
    return _explained(difference, (_Cause(words, _touched(part)),))


def changed_keys(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each key that was added, removed or changed; a list counts as one value."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*after, *before]):
            yield from changed_keys(before.get(key, _MISSING), after.get(key, _MISSING), (*path, key))
    elif before is _MISSING or after is _MISSING or before != after:
        yield path


def _of_keys(old: Side, new: Side, compiled: Compile) -> Iterator[_Cause]:
    before, after = _mapping(old.document), _mapping(new.document)
    together: list[Path] = []
    explained: _Touched = frozenset()
    for path in changed_keys(before, after):
        if (alone := _try(compiled, _with(before, path, after))) is not None:
            touched = _touched(compare(old.templates, alone))
        elif (without := _try(compiled, _with(after, path, before))) is not None:
            touched = _touched(compare(without, new.templates))
        else:
            together.append(path)
            continue
        explained |= touched
        yield _Cause(_words(path, new.document), touched)
    if together:
        words = " with ".join(_words(path, new.document) for path in together)
        yield _Cause(words, _touched(compare(old.templates, new.templates)) - explained)


def _mapping(document: Document) -> Yaml:
    return document.value if isinstance(document.value, dict) else {}


def _try(compiled: Compile, yaml: Yaml) -> TemplateSet | None:
    try:
        return compiled(yaml)
    except (ValidationError, Refusal):
        return None  # some keys are right only together


def _with(yaml: Yaml, path: Path, other: Mapping[str, Any]) -> Yaml:
    """Return `yaml` with the value at `path` as `other` has it, which may be none."""
    changed = copy.deepcopy(yaml)
    inner, source = changed, other
    for key in path[:-1]:
        inner = inner.setdefault(str(key), {})
        source = source.get(str(key), {})
    last = str(path[-1])
    if last in source:
        inner[last] = source[last]
    else:
        inner.pop(last, None)
    return changed


def _words(path: Path, new: Document) -> str:
    place = new.keys.get(path)
    return f"{dotted(path)} ({new.file}:{place.line})" if place else f"{dotted(path)} (no longer in {new.file})"


def _touched(difference: Difference) -> _Touched:
    return frozenset(place for resource in difference.resources for place in _places(resource))


def _places(resource: ResourceDifference) -> Iterator[tuple[str, str]]:
    if not resource.properties:
        yield resource.path, ""
    yield from ((resource.path, change.path) for change in resource.properties)


def _explained(difference: Difference, causes: Iterable[_Cause]) -> Difference:
    known = tuple(causes)
    return replace(difference, resources=tuple(_with_causes(resource, known) for resource in difference.resources))


def _with_causes(resource: ResourceDifference, causes: tuple[_Cause, ...]) -> ResourceDifference:
    whole = () if resource.properties else _among(causes, resource.path, "")
    properties = tuple(_of_property(resource.path, change, causes) for change in resource.properties)
    return replace(resource, causes=(*resource.causes, *whole), properties=properties)


def _of_property(path: str, change: PropertyChange, causes: tuple[_Cause, ...]) -> PropertyChange:
    return replace(change, causes=(*change.causes, *_among(causes, path, change.path)))


def _among(causes: tuple[_Cause, ...], path: str, name: str) -> tuple[str, ...]:
    return tuple(cause.words for cause in causes if (path, name) in cause.touched)
