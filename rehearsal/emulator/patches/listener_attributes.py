"""A listener that a template makes has its attributes from the start, and adds header fields to answers.

MiniStack keeps the attributes of an update only, and its load balancers add nothing.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import re
from typing import Any

from ministack.services import alb

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

KIND = "AWS::ElasticLoadBalancingV2::Listener"
ADDED = re.compile(r"routing\.http\.response\.([a-z_]+)\.header_value")
"""Source: HTTP header modification, Application Load Balancer user guide."""


def apply(handlers: ResourceHandlers) -> None:
    """Keep the attributes that a template says when it makes a listener."""
    original = handlers.original(KIND, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        arn, attributes = original(logical_id, properties, stack)
        alb._listener_attrs[arn] = [
            {"Key": str(one["Key"]), "Value": str(one["Value"])} for one in properties.get("ListenerAttributes") or ()
        ]
        return arn, attributes

    handlers.put(KIND, create=create)


def response_headers(listener: str) -> dict[str, str]:
    """Return the header fields that a listener sets in every answer, by name."""
    named = ((ADDED.fullmatch(one["Key"]), one["Value"]) for one in alb._listener_attrs.get(listener) or ())
    return {match[1].replace("_", "-").title(): value for match, value in named if match and value}
