"""Create-only properties replace their resource: a change set says so, and a resource with a name of its own stays.

Source: rehearsal/emulator/rules/create_only.py has the properties.
"""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.patches.resource_checks import check_updates
from rehearsal.emulator.rules import create_only


def apply() -> None:
    """Correct what change sets say, and refuse an update; this comes before other corrections of the same functions."""
    for module in (provisioners, stacks):
        rebind(module, "_property_recreation", _recreation, takes="resource_type name")
    check_updates(_refuse_named)


def _recreation(original: Callable[[str, str], str]) -> Callable[[str, str], str]:
    def recreation(resource_type: str, name: str) -> str:
        return create_only.recreation(resource_type, name) or original(resource_type, name)

    return recreation


def _refuse_named(kind: str, _physical_id: str, old: Any, new: Any) -> None:
    if refused := create_only.refusal(kind, old, new):
        raise ValueError(refused)
