"""Lets a correction look at each resource before CloudFormation makes or changes it; its `ValueError` refuses that."""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

from rehearsal.emulator.patches.rebinding import rebind

PROVISION = "resource_type logical_id props stack_name"
UPDATE = "resource_type physical_id old_props new_props stack_name logical_id old_attrs"
"""The parameters of the functions that handle every resource, of nested stacks and of root stacks."""

CreationCheck = Callable[[str, str, dict[str, Any]], None]
"""Takes type, logical id and properties."""
UpdateCheck = Callable[[str, str, Any, Any], None]
"""Takes type, physical id, and the properties before and after."""


def check_creations(check: CreationCheck) -> None:
    """Check every resource before it is made; this comes before other corrections of the same functions."""

    def correct(provision: Callable[..., Any]) -> Callable[..., Any]:
        def provision_checked(resource_type: str, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
            check(resource_type, logical_id, props)
            return provision(resource_type, logical_id, props, stack_name)

        return provision_checked

    for module in (provisioners, stacks):
        rebind(module, "_provision_resource", correct, takes=PROVISION)


def check_updates(check: UpdateCheck) -> None:
    """Check every resource before it is changed; this comes before other corrections of the same functions."""

    def correct(update: Callable[..., Any]) -> Callable[..., Any]:
        def update_checked(  # noqa: PLR0917  the signature is theirs
            resource_type: str,
            physical_id: str,
            old_props: Any,
            new_props: Any,
            stack_name: str,
            logical_id: str | None = None,
            old_attrs: Any = None,
        ) -> Any:
            check(resource_type, physical_id, old_props, new_props)
            return update(resource_type, physical_id, old_props, new_props, stack_name, logical_id, old_attrs)

        return update_checked

    for module in (provisioners, stacks):
        rebind(module, "_update_resource", correct, takes=UPDATE)
