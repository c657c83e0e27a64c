"""Writes the JSON schemas of an environment and of a network, for editors and for checks without Windsock."""

import inspect
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from spec.environment import Environment
from spec.reading.field_docs import field_docs
from spec.reading.model_index import sections
from spec.sections.networks.shared_network import SharedNetwork

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: Mapping[str, type[BaseModel]] = MappingProxyType({"environment": Environment, "network": SharedNetwork})
"""What has a YAML of its own, by what people call it."""


def json_schema(of: str = "environment") -> str:
    """Return the text of `spec/environment.schema.json`, or of that of another of `MODELS`."""
    schema = _tidy(_described(MODELS[of]))
    ordered = {"$schema": _DIALECT, "$id": f"urn:windsock:{of}", "title": f"Windsock {of}", **schema}
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


def _described(root: type[BaseModel]) -> dict[str, Any]:
    """Return the schema with the docstrings of the fields, each at its place in the order of the keys."""
    schema = root.model_json_schema()
    described = _with_docs(root, schema)
    definitions = {model.__name__: model for model in sections(root)}
    described["$defs"] = {name: _with_docs(definitions[name], one) for name, one in schema["$defs"].items()}
    return described


def _with_docs(model: type[BaseModel], definition: dict[str, Any]) -> dict[str, Any]:
    docs = field_docs(model)
    known = {f"#/$defs/{section.__name__}": inspect.getdoc(section) for section in sections(model)}
    properties = {
        name: value
        if known.get(value.get("$ref", "")) == docs[name]  # the section's own description says the same
        else dict(sorted({**value, "description": docs[name]}.items()))
        for name, value in definition["properties"].items()
    }
    return definition | {"properties": properties}


def _tidy(node: Any) -> Any:
    """Drop the titles that repeat a key, join docstring lines, and close mappings whose keys follow a pattern."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if isinstance(tidy.get("description"), str):
        tidy["description"] = " ".join(tidy["description"].split())
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy
