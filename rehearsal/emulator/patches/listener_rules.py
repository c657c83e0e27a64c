"""A rule that a template makes for a listener keeps its tags, and the page that a rule answers may be HTML.

MiniStack drops the tags, and describes such a page as part of its own XML, which nobody can read then.
"""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind

KIND = "AWS::ElasticLoadBalancingV2::ListenerRule"


def apply(handlers: ResourceHandlers) -> None:
    """Hand the tags of a stack to its rules, keep them with what the template says itself, and escape pages."""
    rebind(provisioners, "_STACK_TAG_PROPERTY", lambda table: {**table, KIND: ("Tags", "list")}, takes=None)
    rebind(alb, "_action_xml", lambda describe: lambda action: describe(_escaped(action)), takes="a")
    original = handlers.original(KIND, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        arn, attributes = original(logical_id, properties, stack)
        alb._tags[arn] = list(properties.get("Tags") or ())
        return arn, attributes

    handlers.put(KIND, create=create)


def _escaped(action: dict[str, Any]) -> dict[str, Any]:
    """Return an action as XML can hold it."""
    answer = action.get("FixedResponseConfig") or {}
    if "MessageBody" not in answer:
        return action
    return {**action, "FixedResponseConfig": {**answer, "MessageBody": escape(answer["MessageBody"])}}
