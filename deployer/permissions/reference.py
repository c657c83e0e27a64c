"""Reads what AWS says of permissions: what each resource handler calls, and on which resources an action is allowed.

`reference.json` is made from the CloudFormation registry schemas (`handlers`) and from the Service Authorization
Reference (`actions`), and only for what Windsock uses; a test compares it with both and writes it anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "reference.json"
HANDLERS = ("create", "read", "update", "delete")


@dataclass(frozen=True)
class Action:
    """What IAM can limit an action to: `types` such as `ec2:vpc`; `level` is Read, List, Write or another of AWS's."""

    level: str
    types: tuple[str, ...]


@cache
def handlers() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the permissions of each resource type's handlers, by the name of the handler."""
    found = _read()["handlers"]
    return {type_: {name: tuple(actions) for name, actions in each.items()} for type_, each in found.items()}


@cache
def actions() -> Mapping[str, Action]:
    """Return the actions that Windsock may need, by names such as `ec2:CreateVpc`."""
    return {name: Action(level, tuple(types)) for name, (level, types) in _read()["actions"].items()}


@cache
def _read() -> dict[str, Any]:
    text = (files(__package__) / FILE).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
