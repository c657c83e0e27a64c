"""Nested stacks resolve `{{resolve:…}}` and keep the attributes of resources an update does not touch, as on AWS."""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import _stacks, provisioners
from ministack.services.cloudformation.engine import _resolve_dynamic_references

from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.patches.resource_checks import PROVISION, UPDATE


def apply() -> None:
    """Wrap the two functions that handle every resource of a nested stack; root stacks do it right."""
    rebind(provisioners, "_provision_resource", _provision, takes=PROVISION)
    rebind(provisioners, "_update_resource", _update, takes=UPDATE)


def _provision(provision: Callable[..., Any]) -> Callable[..., Any]:
    def provision_resolved(kind: str, logical_id: str, properties: Any, *rest: Any) -> Any:
        return provision(kind, logical_id, _resolved(properties), *rest)

    return provision_resolved


def _update(update: Callable[..., Any]) -> Callable[..., Any]:
    def update_resolved(  # noqa: PLR0917  the signature is theirs
        kind: str,
        physical_id: str,
        old: Any,
        new: Any,
        stack: str,
        logical_id: str | None = None,
        attributes: Any = None,
    ) -> Any:
        if attributes is None and logical_id:
            resource = (_stacks.get(stack) or {}).get("_resources", {}).get(logical_id) or {}
            attributes = resource.get("Attributes")
        return update(kind, physical_id, _resolved(old), _resolved(new), stack, logical_id, attributes)

    return update_resolved


def _resolved(properties: Any) -> Any:
    return _resolve_dynamic_references(properties)[0]
