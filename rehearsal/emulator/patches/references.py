"""Nested stacks resolve `{{resolve:…}}` and keep the attributes of resources an update does not touch, as on AWS."""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any

from ministack.services.cloudformation import _stacks, provisioners, stacks
from ministack.services.cloudformation.engine import _resolve_dynamic_references


def apply() -> None:
    """Wrap the two functions every resource goes through; both modules hold a name for them."""
    provision, update = provisioners._provision_resource, provisioners._update_resource

    def provision_resolved(kind: str, logical_id: str, properties: Any, *rest: Any) -> Any:
        return provision(kind, logical_id, _resolved(properties), *rest)

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

    provisioners._provision_resource = stacks._provision_resource = provision_resolved
    provisioners._update_resource = stacks._update_resource = update_resolved


def _resolved(properties: Any) -> Any:
    return _resolve_dynamic_references(properties)[0]
