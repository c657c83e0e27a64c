"""A rule that a template makes for a listener keeps its tags; MiniStack drops them."""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind

KIND = "AWS::ElasticLoadBalancingV2::ListenerRule"


def apply(handlers: ResourceHandlers) -> None:
    """Hand the tags of a stack to its rules, and keep them with what the template says itself."""
    rebind(provisioners, "_STACK_TAG_PROPERTY", lambda table: {**table, KIND: ("Tags", "list")}, takes=None)
    original = handlers.original(KIND, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        arn, attributes = original(logical_id, properties, stack)
        alb._tags[arn] = list(properties.get("Tags") or ())
        return arn, attributes

    handlers.put(KIND, create=create)
