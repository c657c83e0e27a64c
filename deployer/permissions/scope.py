"""Says where an action is allowed: on which resources, and under which conditions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

ANY = "*"

Conditions = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Scope:
    """Where an action is allowed; actions of the same scope share a statement, whose name begins with `name`."""

    name: str
    resources: tuple[str, ...] = (ANY,)
    conditions: Conditions = field(default_factory=lambda: MappingProxyType({}))

    @property
    def key(self) -> str:
        """The same for equal scopes."""
        return json.dumps((self.name, self.resources, dict(self.conditions)), sort_keys=True)
