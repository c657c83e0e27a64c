"""Writes the JSON schema of an environment, for editors and for checks without Windsock."""

import json
from typing import Any

from spec.environment import Environment

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:windsock:environment"


def json_schema() -> str:
    """Return the text of `spec/environment.schema.json`."""
    schema = _tidy(Environment.model_json_schema())
    ordered = {"$schema": _DIALECT, "$id": _ID, "title": "Windsock environment", **schema}
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


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
