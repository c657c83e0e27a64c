"""Reads out of a root template how many tasks of each service the YAML asks for, where that is more than one."""

from collections.abc import Mapping
from typing import Any

from compiler.contract import PerProcess


def asked_counts(root: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts by the parameter that has them, such as `WebserverCount`; none is there for a single task."""
    return {
        name: int(parameter["Default"])
        for name, parameter in root.get("Parameters", {}).items()
        if name.endswith(PerProcess.COUNT) and "Default" in parameter
    }
