"""The reference page of the environment YAML: every field, written from the models and their docstrings."""

import json
from collections.abc import Iterator
from typing import Any

from spec.schema import json_schema

_INTRODUCTION = """# The environment YAML

One file describes one Apache Airflow cluster. Keys that are not on this page are refused. Start from
`env.example.yaml`, or let `windsock init` write a commented file. This page is written from the models in `spec/`.
"""
_MANY = 12
"""More valid values than this are counted, not listed; the JSON schema has them all."""

_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "minItems": "items at least",
    "maxItems": "items at most",
    "maxLength": "characters at most",
    "maxProperties": "keys at most",
}


def reference() -> str:
    """Return the text of `docs/environment.md`."""
    schema = json.loads(json_schema())
    return "\n".join([_INTRODUCTION, *_section(schema, "", schema["$defs"])])


def _section(section: dict[str, Any], path: str, definitions: dict[str, Any]) -> Iterator[str]:
    yield f"## {path or 'Top level'}\n\n{section['description']}\n"
    nested: list[tuple[str, dict[str, Any]]] = []
    for name, field in section["properties"].items():
        full = f"{path}.{name}" if path else name
        target = _target(field, definitions)
        described = {**(target or {}), **field}
        yield from _field(full, described, required=name in section.get("required", ()), section=target is not None)
        if target:
            nested.append((full, target))
    for full, target in nested:
        yield from _section(target, full, definitions)


def _field(full: str, field: dict[str, Any], *, required: bool, section: bool) -> Iterator[str]:
    facts = [_type(field) if not section else f"section, see [{full}](#{full.replace('.', '')})"]
    facts += ["required"] if required else []
    facts += [f"default `{json.dumps(field['default'])}`"] if field.get("default") is not None and not section else []
    yield f"### `{full}`\n\n{field['description']}\n"
    yield f"*{'; '.join(facts)}*\n"


def _type(field: dict[str, Any]) -> str:
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "mapping"}
    kind = "list of text" if field.get("type") == "array" else words.get(field.get("type", ""), "value")
    bounds = [f"{word} {field[key]}" for key, word in _BOUNDS.items() if key in field]
    values = field.get("enum", [field["const"]] if "const" in field else [])
    if len(values) > _MANY:
        bounds.append(f"one of {len(values)} values, `{values[0]}` to `{values[-1]}`")
    elif values:
        bounds.append("one of " + ", ".join(f"`{value}`" for value in values))
    return ", ".join([kind, *bounds])


def _target(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any] | None:
    """Return the section that `field` holds, if it holds one."""
    for candidate in (field, *field.get("anyOf", ())):
        if "$ref" in candidate:
            found: dict[str, Any] = definitions[candidate["$ref"].rpartition("/")[2]]
            return found
    return None
