"""Create-only properties replace their resource: a change set says so, and a resource with a name of its own stays.

Source: rehearsal/emulator/rules/create_only.py has the properties.
"""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules import create_only

UPDATE = "resource_type physical_id old_props new_props stack_name logical_id old_attrs"


def apply() -> None:
    """Correct what change sets say, and refuse an update; this comes before other corrections of the same functions."""
    for module in (provisioners, stacks):
        rebind(module, "_property_recreation", _recreation, takes="resource_type name")
        rebind(module, "_update_resource", _update, takes=UPDATE)


def _recreation(original: Callable[[str, str], str]) -> Callable[[str, str], str]:
    def recreation(resource_type: str, name: str) -> str:
        return create_only.recreation(resource_type, name) or original(resource_type, name)

    return recreation


def _update(update: Callable[..., Any]) -> Callable[..., Any]:
    def update_unless_named(  # noqa: PLR0917  the signature is theirs
        resource_type: str,
        physical_id: str,
        old_props: Any,
        new_props: Any,
        stack_name: str,
        logical_id: str | None = None,
        old_attrs: Any = None,
    ) -> Any:
        if refused := create_only.refusal(resource_type, old_props, new_props):
            raise ValueError(refused)
        return update(resource_type, physical_id, old_props, new_props, stack_name, logical_id, old_attrs)

    return update_unless_named
