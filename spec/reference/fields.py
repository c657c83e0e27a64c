"""Writes the reference page of the environment YAML from the models and their docstrings."""

import json
from collections.abc import Iterator
from typing import Any

from spec.reference.json_schema import json_schema
from spec.section import KIND_KEYS

_INTRODUCTION = """# The environment YAML

One file describes one Apache Airflow cluster. Keys that are not on this page are refused. Start from
`env.example.yaml`, or let `windsock init` write a commented file. Windsock writes this page from the models in `spec/`.
"""
_MANY = 12
"""The page counts more valid values than this instead of listing them; the JSON schema has them all."""

_BY_NAME, _IN_A_LIST = _SEVERAL = (".NAME", "[]")
"""How the path of a section goes on that is one of several."""

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


def _section(section: dict[str, Any], path: str, definitions: dict[str, Any], kind: str = "") -> Iterator[str]:
    yield f"## {path or 'Top level'}{kind}\n\n{section['description']}\n"
    nested: list[tuple[str, str, dict[str, Any]]] = []
    for name, field in section["properties"].items():
        full = f"{path}.{name}" if path else name
        targets = dict(_targets(field, definitions))
        (target,) = targets.values() if len(targets) == 1 else (None,)
        described = {**(target or {}), **field}
        headings = [f"{full}{one}" for one in targets]
        yield from _field(full, described, required=name in section.get("required", ()), headings=headings)
        nested += [(full, one, found) for one, found in targets.items()]
    for full, one, found in nested:
        several = one in _SEVERAL
        yield from _section(found, f"{full}{one}" if several else full, definitions, "" if several else one)


def _field(full: str, field: dict[str, Any], *, required: bool, headings: list[str]) -> Iterator[str]:
    links = " or ".join(f"[{heading}](#{_anchor(heading)})" for heading in headings)
    facts = [f"section, see {links}" if links else _type(field)]
    facts += ["required"] if required else []
    shown = field.get("default") is not None and not links
    facts += [f"default `{json.dumps(field['default'])}`"] if shown else []
    yield f"### `{full}`\n\n{field['description']}\n"
    yield f"*{'; '.join(facts)}*\n"


def _anchor(heading: str) -> str:
    return "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


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


def _targets(field: dict[str, Any], definitions: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the section that `field` holds, if any; for a section with kinds, one under each kind."""
    for candidate in (field, *field.get("anyOf", ())):
        if "$ref" in candidate:
            yield "", definitions[candidate["$ref"].rpartition("/")[2]]
    for heading, candidate in _several(field):
        if "$ref" in candidate:
            yield heading, definitions[candidate["$ref"].rpartition("/")[2]]
    for candidate in (each for one in (field, *field.get("anyOf", ())) for each in one.get("oneOf", ())):
        found = definitions[candidate["$ref"].rpartition("/")[2]]
        key = next(key for key in KIND_KEYS if key in found["properties"])
        yield f" of {key} {found['properties'][key]['const']}", found


def _several(field: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the sections of a field are, that stand under names of the user's or in a list."""
    for candidate in field.get("patternProperties", {}).values():
        yield _BY_NAME, candidate
    if "items" in field:
        yield _IN_A_LIST, field["items"]
